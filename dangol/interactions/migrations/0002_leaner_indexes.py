"""Indexes of single columns go where a wider index begins with the same column."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REDUNDANT = {
    "interactions_interaction_agent_id_318cb319": "interactions_interaction (agent_id)",
    "interactions_interaction_customer_id_8b4dcbd0": "interactions_interaction (customer_id)",
    "interactions_interaction_place_id_3b083eaa": "interactions_interaction (place_id)",
    "interactions_thread_customer_id_8452e3ad": "interactions_thread (customer_id)",
}


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_check_tallies"),
        ("interactions", "0001_initial"),
        ("places", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            # Altering the fields would make their foreign keys anew; only the indexes go.
            database_operations=[
                migrations.RunSQL(f"DROP INDEX {name}", f"CREATE INDEX {name} ON {columns}")
                for name, columns in REDUNDANT.items()
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="interaction",
                    name="agent",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    model_name="interaction",
                    name="customer",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interactions",
                        to="customers.customer",
                    ),
                ),
                migrations.AlterField(
                    model_name="interaction",
                    name="place",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                migrations.AlterField(
                    model_name="thread",
                    name="customer",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="threads",
                        to="customers.customer",
                    ),
                ),
            ],
        ),
    ]
