from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sources", "0008_whole_rows")]

    operations = [
        migrations.AddField(
            model_name="subscriber", name="trouble", field=models.JSONField(null=True)
        )
    ]
