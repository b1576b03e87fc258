"""Random rules find the same customers on DuckDB and on Spark; under soak Spark is a cluster."""

from __future__ import annotations

import pytest

from dangol.segments import deciding
from dangol.segments.state import bring, measures_in
from dangol.segments.state.store import folder
from dangol.segments.tests.test_three_readings import TODAY, Draw
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from tests.lake.conftest import SOAK
from tests.lake.test_segment_state import Company

pytestmark = [
    pytest.mark.xdist_group("spark"),
    pytest.mark.usefixtures("lake_folder"),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas"),
]
BATCHES, AT_ONCE = (8, 60) if SOAK else (1, 30)


def test_random_rules_find_the_same_customers_on_both(world, spark):
    company = Company(world, 21)
    made = Draw(21, [str(p.pk) for p in world.places.values()])
    copy_changes()
    here, there = lake(), lake(engine=spark)
    for _batch in range(BATCHES):
        made.deal(16)
        rules = {f"s{n}": made.rule() for n in range(AT_ONCE)}
        told = [
            seen.run(deciding.in_lake(seen, TODAY).decided(rules).order_by("id")).to_pydict()
            for seen in (here, there)
        ]
        assert told[0] == told[1]
        assert any(any(told[0][name]) for name in rules)
    company.live()


def test_the_state_begun_on_spark_is_the_one_begun_on_duckdb(world, spark):
    Company(world, 22)
    made = Draw(22, [str(p.pk) for p in world.places.values()])
    made.deal(24)
    rules = [made.rule() for _n in range(24)]
    copy_changes()
    found = []
    for engine in ("", spark):
        (folder() / "state.json").unlink(missing_ok=True)
        state = bring(lake(engine=engine), TODAY, measures_in(*rules))
        found.append([state.members(rule).tolist() for rule in rules])
    assert found[0] == found[1]
