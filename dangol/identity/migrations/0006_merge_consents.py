from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("identity", "0005_split_copied"),
    ]

    operations = [
        migrations.AddField(
            model_name="merge",
            name="consents",
            field=models.JSONField(null=True),
        ),
    ]
