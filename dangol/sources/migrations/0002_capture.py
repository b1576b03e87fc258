"""Triggers that write which rows changed, for those who are kept in step."""

from pathlib import Path

from django.db import migrations

from dangol.sources.outgoing.triggers import FIRST, statements

FUNCTIONS = Path(__file__).resolve().parents[1] / "outgoing" / "capture.sql"
GONE = """
DROP FUNCTION sources_changed() CASCADE;
DROP FUNCTION sources_wanted(text);
DROP FUNCTION sources_note_changes(text, uuid[]);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0001_initial"),
        ("customers", "0007_source_records"),
        ("purchases", "0002_leaner_indexes"),
        ("places", "0002_data_steward"),
    ]
    operations = [
        migrations.RunSQL(FUNCTIONS.read_text("utf-8"), GONE),
        *(migrations.RunSQL(one, migrations.RunSQL.noop) for one in statements(FIRST)),
    ]
