from django.core.management import call_command
from django.db import migrations, models


def make_cache_table(apps, schema_editor):
    """The cache that all processes share; one that is there stays."""
    call_command("createcachetable", "core_cache", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_notices'),
    ]

    operations = [
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('token', models.CharField(max_length=16)),
            ],
        ),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
