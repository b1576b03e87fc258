from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quality", "0003_looks"),
    ]

    operations = [
        migrations.AlterField(
            model_name="risk",
            name="right_at",
            field=models.DateTimeField(null=True),
        ),
    ]
