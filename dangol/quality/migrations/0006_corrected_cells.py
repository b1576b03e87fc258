from django.db import migrations, models

CORRECTED_BEFORE = """
UPDATE quality_tried t SET corrected = n.corrected
FROM (
    SELECT date_trunc('month', c.day)::date AS month, c.home_place_id AS place_id, c.source, p.kind,
           width_bucket(greatest(0, extract(epoch FROM c.at - p.created_at) / 86400)::float8,
                        ARRAY[30, 90, 180, 365, 730, 1460]::float8[]) AS age,
           count(*) AS corrected
    FROM customers_check c JOIN customers_contactpoint p ON p.id = c.contact_point_id
    WHERE c.outcome IN ('wrong', 'moved')
      AND EXISTS (SELECT 1 FROM customers_contactpoint q
          WHERE q.customer_id = p.customer_id AND q.kind = p.kind AND q.ended_at IS NULL
            AND q.state = 'verified' AND q.checked_at >= c.at)
    GROUP BY 1, 2, 3, 4, 5) n
WHERE t.month = n.month AND t.source = n.source AND t.kind = n.kind AND t.age = n.age
  AND t.place_id IS NOT DISTINCT FROM n.place_id
"""
CORRECTED_WHOLE = """
UPDATE quality_triedwhole t SET corrected = n.corrected
FROM (
    SELECT month, grouping(place_id) = 0 AS by_site, place_id, coalesce(source, '') AS source,
           coalesce(kind, '') AS kind, age, sum(corrected) AS corrected
    FROM quality_tried GROUP BY GROUPING SETS ((month, place_id), (month, source, kind, age))) n
WHERE t.month = n.month AND t.by_site = n.by_site AND t.source = n.source AND t.kind = n.kind
  AND t.age IS NOT DISTINCT FROM n.age AND t.place_id IS NOT DISTINCT FROM n.place_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0002_data_steward'),
        ('quality', '0005_task_asked_by'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='tried',
            name='tried_read',
        ),
        migrations.AddField(
            model_name='tried',
            name='corrected',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='triedwhole',
            name='corrected',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='tried',
            index=models.Index(fields=['month'], include=('place', 'source', 'kind', 'age', 'tried', 'wrong', 'corrected'), name='tried_read'),
        ),
        migrations.RunSQL(CORRECTED_BEFORE, migrations.RunSQL.noop),
        migrations.RunSQL(CORRECTED_WHOLE, migrations.RunSQL.noop),
    ]
