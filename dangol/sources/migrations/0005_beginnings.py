"""Subscribers begin without holding up writers; why a message did not arrive is said to the reader."""

from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('sources', '0004_gone_sites'),
    ]

    operations = [
        migrations.AddField(
            model_name='delivery', name='trouble', field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name='subscriber', name='begins_after', field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='subscriber', name='open_then', field=models.JSONField(default=list),
        ),
        migrations.RunSQL(
            Path(__file__).parents[1].joinpath("outgoing", "deletions.sql").read_text(),
            migrations.RunSQL.noop,
        ),
    ]
