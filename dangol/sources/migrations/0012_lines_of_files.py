"""Rows say which file they come from, and at which line of it they begin."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sources", "0011_forgotten")]

    operations = [
        migrations.AddField(model, name, field)
        for model in ("landedrow", "refusedrow")
        for name, field in (
            ("file", models.CharField(blank=True, db_default="", max_length=255)),
            ("file_line", models.IntegerField(db_default=0)),
        )
    ]
