"""A record at which the matching fails is taken up again, and its customer follows it."""

from __future__ import annotations

import itertools
import random

import pytest
from django.utils import timezone

from dangol.customers.models import Customer, SourceRecord
from dangol.identity import actions
from dangol.identity.models import Run
from dangol.identity.recognising import new_records
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.recognising.settling import nearest
from dangol.identity.tests.factories import HONG, record


def changed(one: SourceRecord, **values: str) -> None:
    """As a source's run writes it."""
    one.refresh_from_db()
    told = {
        "values": one.values | values,
        "revision": one.revision + 1,
        "changed_at": timezone.now(),
    }
    SourceRecord.objects.filter(pk=one.pk).update(**told, unread=True)


@pytest.fixture
def failed(db, monkeypatch: pytest.MonkeyPatch) -> SourceRecord:
    """A record of a customer that changed, and at which the matching failed."""
    one = record(**HONG)
    match_waiting()
    changed(one, born_on="1988-03-15")
    with monkeypatch.context() as patched:
        patched.setattr(new_records, "candidates", lambda *a: 1 / 0)
        assert match_waiting() == {"records": 1, "failed": 1}
    return one


def born() -> str:
    """What the only customer says now."""
    return str(Customer.objects.get().born_on)


def test_it_waits_for_the_comparison_of_all_records(failed) -> None:
    assert match_waiting() == {"records": 0} and born() == "1988-03-14"
    actions.run_new()
    assert not Run.objects.exists(), "nothing begins of which nothing can come"
    actions.run_full()
    assert born() == "1988-03-15"
    assert not SourceRecord.objects.filter(unread=True).exists()


def test_its_next_change_takes_it_up(failed) -> None:
    changed(failed, born_on="1988-03-16")
    assert match_waiting()["records"] == 1 and born() == "1988-03-16"
    assert SourceRecord.objects.get().failed_at is None


@pytest.mark.django_db
def test_few_of_many_are_matched_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "TOO_MANY", 1)
    monkeypatch.setattr(actions, "SHARE", 1)
    for n in range(4):
        record(name=f"홍서{'가나다라'[n]}", phone=f"010-4321-876{n}")
    assert actions.run_new() and Run.objects.get().kind == "full"
    for n in range(3):
        record(name=f"김서{'가나다라'[n]}", phone=f"010-9321-876{n}")
    assert actions.run_new()["records"] == 3
    assert Run.objects.order_by("-created_at").first().kind == "new"  # type: ignore[union-attr]


def slowly(waiting: set[int], owned: set[int], links: list[tuple[int, int]]) -> list[list[int]]:
    """What `nearest` promises, link by link from the beginning."""
    anchor, found = {r: r for r in owned}, []
    near = [pair for pair in links if waiting.intersection(pair)]
    while step := next(((a, b) for a, b in near if (a in anchor) != (b in anchor)), None):
        known, fresh = step if step[0] in anchor else step[::-1]
        anchor[fresh] = anchor[known]
        found.append([anchor[known], fresh])
    return found


def test_the_heaviest_links_say_on_whom_a_record_hangs() -> None:
    lot = random.Random(7)
    for _turn in range(300):
        pairs = list(itertools.combinations(range(lot.randint(2, 13)), 2))
        links = [lot.choice([pair, pair[::-1]]) for pair in lot.sample(pairs, len(pairs) // 2)]
        owned = set(lot.sample(range(13), lot.randint(0, 13)))
        waiting = set(range(13)) - owned
        assert nearest(waiting, owned, links) == slowly(waiting, owned, links)
