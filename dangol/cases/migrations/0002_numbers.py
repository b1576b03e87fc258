"""Case numbers come from a sequence: never the same twice."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE cases_number START 1001", "DROP SEQUENCE cases_number")
    ]
