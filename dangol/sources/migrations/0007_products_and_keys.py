"""Products have a feed too, and a customer whose keys in the sources change is told."""

from pathlib import Path

from django.db import migrations, models

from dangol.sources.outgoing.triggers import MOVING, PRODUCTS, RECORDS, statements

FUNCTION = Path(__file__).resolve().parents[1] / "outgoing" / "source_keys.sql"
ENTITIES = [
    ("customer", "Customers"), ("transaction", "Purchases and visits"), ("site", "Sites"),
    ("product", "Products"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("sources", "0006_read_by")]

    operations = [
        *(
            migrations.AlterField(
                model, "entity",
                models.CharField(*said, choices=ENTITIES, max_length=12),
            )
            for model, said in (("change", []), ("subscriber", ["what"]))
        ),
        migrations.RunSQL(
            FUNCTION.read_text("utf-8"), "DROP FUNCTION sources_record_changed() CASCADE"
        ),
        *(
            migrations.RunSQL(one, migrations.RunSQL.noop)
            for one in [
                *statements(PRODUCTS),
                *statements(RECORDS, "sources_record_changed", MOVING),
            ]
        ),
    ]  # fmt: skip
