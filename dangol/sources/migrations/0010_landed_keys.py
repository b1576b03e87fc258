"""Rows that were read say by which key they will be known."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sources", "0009_trouble")]

    operations = [
        migrations.AddField(
            "landedrow", "key", models.CharField(blank=True, default="", max_length=200),
            preserve_default=False,
        )
    ]
