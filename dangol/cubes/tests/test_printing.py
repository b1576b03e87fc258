"""What is printed finds room on its sheet: a wide table comes in parts, each with its total."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from dangol.cubes.asking.answer import answer
from dangol.cubes.asking.expression import EVERYWHERE
from dangol.cubes.asking.query import query_of
from dangol.cubes.kept.printing import ACROSS, page_of, parts_of
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from tests.lake.factories import a_customer, a_sale


def test_two_years_of_months_are_two_tables_that_lose_nothing(world, lake_folder):
    now = timezone.now()
    for n in range(24):
        a_sale(a_customer(), 10, place=world.place("GANGNAM"), at=now - dt.timedelta(days=30 * n))
    copy_changes()
    given = {"subject": "sales", "rows": "site", "columns": "month", "measures": "transactions", "period": "36m"}  # fmt: skip
    made = answer(query_of(given), EVERYWHERE, lake())
    parts = parts_of(made)
    assert len(parts) == 2 and all(part["wide"] for part in parts)
    told = [head["label"] for part in parts for head in part["heads"]]
    assert len(told) == len(set(told)) == len(made.columns) > ACROSS
    for part in parts:
        assert len(part["heads"]) + 2 <= ACROSS
        assert part["totals"]["totals"][0]["text"] == "24"
        assert len(part["lines"][0]["cells"]) == len(part["heads"])
    assert page_of(made, "x", []).count("<tfoot>") == 2
    narrow = answer(query_of(given | {"columns": "kind"}), EVERYWHERE, lake())
    assert [part["wide"] for part in parts_of(narrow)] == [False]
