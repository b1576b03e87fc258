"""A check keeps its home site and day, and tallies count the checks."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT_FROM_CUSTOMERS = """
    UPDATE customers_check c SET home_place_id = u.home_place_id,
        day = (c.at AT TIME ZONE coalesce(p.time_zone, %s))::date
    FROM customers_contactpoint v JOIN customers_customer u ON u.id = v.customer_id
    LEFT JOIN places_place p ON p.id = u.home_place_id
    WHERE v.id = c.contact_point_id
"""
FILL = """
    INSERT INTO customers_checktally (span, first, place_id, source, checked, wrong)
    SELECT s.span, s.first, c.home_place_id, c.source, count(*),
           count(*) FILTER (WHERE c.outcome IN ('wrong', 'moved'))
    FROM customers_check c
    CROSS JOIN LATERAL (VALUES ('day', c.day), ('month', date_trunc('month', c.day)::date)) s (span, first)
    GROUP BY 1, 2, 3, 4
"""
UNDO = """
DROP TRIGGER checks_inserted ON customers_check;
DROP TRIGGER checks_updated ON customers_check;
DROP TRIGGER checks_deleted ON customers_check;
DROP TRIGGER checks_emptied ON customers_check;
DROP FUNCTION customers_checks_counted, customers_checks_emptied;
"""


def fill(apps, schema_editor):
    """Each check gets the home site that its customer has today, and its day there."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(KEPT_FROM_CUSTOMERS, [settings.TIME_ZONE])
        # The next step changes the table: what waits to be checked is checked now.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(FILL)


class Migration(migrations.Migration):
    dependencies = [("customers", "0003_paging_indexes"), ("places", "0001_initial")]
    operations = [
        migrations.RemoveIndex(model_name="check", name="check_counted"),
        migrations.CreateModel(
            name="CheckTally",
            fields=[
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("span", models.CharField(
                    choices=[("day", "Day"), ("month", "Month")], max_length=5)),
                ("first", models.DateField()),
                ("source", models.CharField(blank=True, max_length=40)),
                ("checked", models.BigIntegerField()),
                ("wrong", models.BigIntegerField()),
                ("place", models.ForeignKey(
                    db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                    related_name="+", to="places.place")),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["span", "first"],
                        include=("place", "source", "checked", "wrong"),
                        name="check_tally_read",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="check",
            name="home_place",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="places.place"),
        ),
        migrations.AddField(model_name="check", name="day", field=models.DateField(null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(model_name="check", name="day", field=models.DateField()),
        migrations.RunSQL(Path(__file__).with_name("check_tallies.sql").read_text(), UNDO),
    ]  # fmt: skip
