"""A run knows by which column it reads, so that its watermark is kept for that column alone."""

from django.db import migrations, models

UNDER_WAY = """
UPDATE sources_run r SET watermark_column = s.watermark_column FROM sources_source s
WHERE s.id = r.source_id AND r.ended_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("sources", "0005_beginnings")]

    operations = [
        migrations.AddField(
            model_name="run",
            name="watermark_column",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.RunSQL(UNDER_WAY, migrations.RunSQL.noop),
    ]
