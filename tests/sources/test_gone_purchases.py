"""Nobody calls about a purchase that its source no longer has."""

from __future__ import annotations

import pytest

from dangol.campaigns.models import Reason
from dangol.campaigns.tests.factories import programme, stage, target
from dangol.purchases.models import Transaction
from dangol.sources.tests.conftest import inbox  # noqa: F401
from dangol.sources.tests.factories import put, ran
from dangol.sources.tests.test_gone_rows import HEAD, ROWS, customer, till  # noqa: F401


@pytest.mark.django_db
def test_a_waiting_call_about_a_gone_purchase_is_dropped(customer, world):  # noqa: F811
    source = till(ROWS)
    ran(source)
    calls = stage(programme(world.place("GANGNAM")))
    bought = {row.source_key: row for row in Transaction.objects.all()}
    gone = target(calls, customer, transaction=bought["c"])
    there = target(calls, customer, transaction=bought["b"])
    put("sales.csv", [HEAD, *ROWS[:2]])
    ran(source)
    gone.refresh_from_db()
    there.refresh_from_db()
    assert gone.finished_at and gone.decisions.get().reason == Reason.NOT_NEEDED
    assert there.finished_at is None
