import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

ASKED = """
UPDATE quality_correctiontask t SET asked_by_id = e.by_id FROM core_auditentry e
WHERE e.verb = 'ask_for_correction' AND e.subject_id = t.id
"""
OUTCOMES = [
    ("verified", "Verified"),
    ("corrected", "Corrected"),
    ("wrong", "Wrong"),
    ("moved", "Moved"),
    ("unreached", "Nobody reached"),
    ("gone", "No longer in use"),
    ("improbable", "No longer probably wrong"),
    ("elsewhere", "Customer of another site now"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("quality", "0004_unknown_age"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="correctiontask",
            name="asked_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="correctiontask",
            name="outcome",
            field=models.CharField(blank=True, choices=OUTCOMES, max_length=12),
        ),
        migrations.RunSQL(ASKED, migrations.RunSQL.noop),
    ]
