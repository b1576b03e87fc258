"""Indexes of single columns go where a wider index begins with the same column."""

import django.db.models.deletion
from django.db import migrations, models

REDUNDANT = {
    "purchases_transaction_customer_id_43878b5c": "purchases_transaction (customer_id)",
    "purchases_transaction_place_id_4a6cd29b": "purchases_transaction (place_id)",
}


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_check_tallies"),
        ("places", "0001_initial"),
        ("purchases", "0001_initial"),
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
                    model_name="transaction",
                    name="customer",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transactions",
                        to="customers.customer",
                    ),
                ),
                migrations.AlterField(
                    model_name="transaction",
                    name="place",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
            ],
        ),
    ]
