"""The claim as one round trip, and counts kept beside the targets."""

from pathlib import Path

from django.db import migrations

UNDO = """
DROP TRIGGER target_made ON campaigns_target;
DROP TRIGGER target_changed ON campaigns_target;
DROP TRIGGER target_gone ON campaigns_target;
DROP FUNCTION campaigns_tally_made, campaigns_tally_changed, campaigns_tally_gone, campaigns_claim;
"""


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial")]
    operations = [migrations.RunSQL(Path(__file__).with_name("claim.sql").read_text(), UNDO)]
