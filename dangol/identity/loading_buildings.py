"""Staged buildings judged and stored; records whose lot is known now are read again."""

from __future__ import annotations

from dangol.imports.kinds import Batch
from dangol.imports.staging import run

NAMED = """
UPDATE stage s SET lot_said = CASE WHEN lot = '0' OR coalesce(mountain, '0') = '1' THEN '' ELSE
        at || '|' || coalesce(nullif(village, ''), town, '') || ' ' || lot
        || CASE WHEN coalesce(lot2, '0') = '0' THEN '' ELSE '-' || lot2 END END,
    road_said = CASE WHEN coalesce(underground, '0') = '1' THEN '' ELSE
        at || '|' || replace(road, ' ', '') || ' ' || number
        || CASE WHEN coalesce(number2, '0') = '0' THEN '' ELSE '-' || number2 END END
FROM (SELECT line, CASE WHEN town ~ '[읍면]$' THEN town
        ELSE regexp_replace(coalesce(nullif(district, ''), province), '^.* ', '') END AS at
    FROM stage) w
WHERE w.line = s.line AND s.verdict IS NULL
"""
"""Both addresses as `customers.addresses` writes them; a mountain's lot and a cellar's number are no
building's that anybody writes."""
JUDGED = """
UPDATE stage s SET verdict = CASE
    WHEN s.lot_said = '' OR s.road_said = '' THEN 'same'
    WHEN b.key IS NULL THEN 'new'
    WHEN (b.lot, b.road) = (s.lot_said, s.road_said) THEN 'same' ELSE 'changed' END,
    seen = jsonb_build_object('before', jsonb_build_object('road', b.road),
        'after', jsonb_build_object('road', s.road_said))
FROM stage x LEFT JOIN identity_building b ON b.key = x.key
WHERE x.line = s.line AND s.verdict IS NULL
"""
STORED = """
INSERT INTO identity_building (key, lot, road)
SELECT DISTINCT ON (key) key, lot_said, road_said FROM stage WHERE verdict IN ('new', 'changed')
ORDER BY key, line DESC
ON CONFLICT (key) DO UPDATE SET lot = excluded.lot, road = excluded.road
"""
READ_AGAIN = """
UPDATE customers_sourcerecord r SET unread = true
FROM identity_reading g
WHERE g.record_id = r.id AND NOT r.unread
    AND EXISTS (SELECT 1 FROM identity_building b WHERE b.lot = g.building)
    AND (SELECT count(DISTINCT b.road) FROM identity_building b WHERE b.lot = g.building) = 1
"""


def judge(batch: Batch) -> None:
    """New, changed or the same, by the building's number."""
    run(NAMED)
    run(JUDGED)


def store(batch: Batch) -> None:
    """Keep them."""
    run(STORED)


def finish(batch: Batch) -> None:
    """Have the records read again whose building has a road address now."""
    if not batch.dry:
        run(READ_AGAIN)
