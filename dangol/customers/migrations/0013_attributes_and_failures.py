from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0012_ended_for"),
    ]

    operations = [
        migrations.AddField(
            model_name="sourcerecord",
            name="attributes",
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name="sourcerecord",
            name="failed_at",
            field=models.DateTimeField(null=True),
        ),
    ]
