"""Refused rows say whether they can be tried again; a taken file outlives its run."""

import django.db.models.deletion
from django.db import migrations, models

# What was kept until now was cut after 2,000 letters, and numbers of residents were cut out.
CUT = """
UPDATE sources_refusedrow r SET whole = false WHERE EXISTS (
    SELECT 1 FROM jsonb_array_elements_text(r.cells) cell
    WHERE length(cell) >= 2000 OR cell LIKE '%[…]%')
"""


class Migration(migrations.Migration):
    dependencies = [("sources", "0007_products_and_keys")]

    operations = [
        migrations.AddField("refusedrow", "whole", models.BooleanField(default=True)),
        migrations.RunSQL(CUT, migrations.RunSQL.noop),
        migrations.AlterField(
            "takenfile",
            "run",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="sources.run",
            ),
        ),
    ]
