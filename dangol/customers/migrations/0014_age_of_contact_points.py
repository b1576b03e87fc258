from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0013_attributes_and_failures"),
    ]

    operations = [
        migrations.AddField(
            model_name="contactpoint",
            name="said_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="undated",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
