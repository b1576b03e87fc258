"""Organisations are found by their numbers; records keep what was refused of them; which sources wait."""

from django.db import migrations, models

NUMBERS = """
CREATE INDEX source_record_{name} ON customers_sourcerecord
    ((regexp_replace(normalize(values ->> '{name}', NFKC), '\\D', '', 'g')) text_pattern_ops)
    WHERE values ? '{name}'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('customers', '0009_branches'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='sourcerecord',
            index=models.Index(condition=models.Q(('unread', True)), fields=['source'], name='source_record_waits'),
        ),
        migrations.AddField(
            model_name='sourcerecord', name='refused', field=models.JSONField(null=True),
        ),
        *(
            migrations.RunSQL(
                NUMBERS.format(name=name), f"DROP INDEX source_record_{name}"
            )
            for name in ("registration", "corporate")
        ),
    ]
