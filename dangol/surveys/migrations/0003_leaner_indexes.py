"""Indexes of single columns go where a wider index begins with the same column."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REDUNDANT = {
    "surveys_answer_response_id_5416c873": "surveys_answer (response_id)",
    "surveys_response_customer_id_f79ad5a1": "surveys_response (customer_id)",
    "surveys_response_interaction_id_3a708fe6": "surveys_response (interaction_id)",
    "surveys_response_place_id_5603a936": "surveys_response (place_id)",
    "surveys_response_thread_id_1af57e01": "surveys_response (thread_id)",
}


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0004_check_tallies"),
        ("interactions", "0002_leaner_indexes"),
        ("places", "0001_initial"),
        ("surveys", "0002_cells_and_frozen_versions"),
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
                    model_name="answer",
                    name="response",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="surveys.response",
                    ),
                ),
                migrations.AlterField(
                    model_name="response",
                    name="customer",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                migrations.AlterField(
                    model_name="response",
                    name="interaction",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="interactions.interaction",
                    ),
                ),
                migrations.AlterField(
                    model_name="response",
                    name="place",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="places.place",
                    ),
                ),
                migrations.AlterField(
                    model_name="response",
                    name="thread",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="interactions.thread",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="response",
            index=models.Index(
                models.F("place"),
                models.OrderBy(models.F("completed_at"), descending=True, nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                name="response_place_completed",
            ),
        ),
    ]
