"""Days of birth are counted by record; Latin names that were read as one part are read again."""

from django.db import migrations, models

READ_AGAIN = """
UPDATE customers_sourcerecord r SET unread = true FROM identity_reading g
WHERE g.record_id = r.id AND g.kind = 'person' AND g.latin AND g.family = ''
"""


class Migration(migrations.Migration):

    dependencies = [("identity", "0007_counted")]

    operations = [
        migrations.AddIndex(
            model_name="reading", index=models.Index(fields=["birth"], name="reading_birth")
        ),
        migrations.RunSQL(READ_AGAIN, migrations.RunSQL.noop),
    ]
