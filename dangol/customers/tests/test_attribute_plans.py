"""What staged rows say is found by their line, whatever the planner believes of other tables."""

from __future__ import annotations

import pytest

from dangol.customers.attributes import loading
from dangol.customers.records.keeping import KEPT, TOLD
from dangol.imports.staging import make_stage, run
from dangol.imports.staging import rows_of as rows

LINES = 3000
STAGE = "name kind given_name family_name gender language phone phone2 email line_address postcode tier note corporate registration owner website"


@pytest.fixture
def staged(db):
    """A batch in which every row says two things, and records that are believed not to be there.

    So it is when the statistics were taken while their first load was under way.
    """
    columns = [(name, "text") for name in STAGE.split()]
    make_stage([*columns, ("born_on", "date"), ("home_id", "uuid")])
    run(
        "INSERT INTO stage (line, key, verdict) SELECT n, n::text, 'same'"
        f" FROM generate_series(1, {LINES}) n"
    )
    loading.make_values()
    run(
        "INSERT INTO stage_value (line, key, figure) SELECT n, k, 1"
        f" FROM generate_series(1, {LINES}) n, unnest(ARRAY['a', 'b']) k"
    )
    run("ANALYZE stage, stage_value")
    run(
        "UPDATE pg_class SET reltuples = 0, relpages = 100 WHERE relname = 'customers_sourcerecord'"
    )


@pytest.mark.parametrize("statement", [KEPT, TOLD], ids=["KEPT", "TOLD"])
def test_nothing_is_gathered_for_all_lines_again_for_each_record(staged, statement):
    facts = {"source": "x", "now": "2026-01-01"}
    plan = "\n".join(line for (line,) in rows(f"EXPLAIN {statement}", facts))
    assert "Seq Scan on stage_value" not in plan and "stage_value_line_idx" in plan
