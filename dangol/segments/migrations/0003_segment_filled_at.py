"""Segments know when they were first counted among customers."""

from django.db import migrations, models

FILLED = """
UPDATE segments_segment SET filled_at = counted_at
WHERE counted_at IS NOT NULL AND EXISTS (SELECT 1 FROM customers_customer)
"""


class Migration(migrations.Migration):
    dependencies = [("segments", "0002_followed_since")]

    operations = [
        migrations.AddField(
            model_name="segment",
            name="filled_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
    ]
