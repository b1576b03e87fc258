"""Whoever merges by hand waits for one short portion of a comparison of all records, at whatever step."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from dangol.core import anew as turns
from dangol.core.anew import anew
from dangol.customers.models import Customer, SourceRecord
from dangol.identity import portions
from dangol.identity.matching.kinds import PERSON
from dangol.identity.models import WHO_IS_WHO
from dangol.identity.portions import in_portions
from dangol.identity.recognising import following, giving, ties
from dangol.identity.tests.factories import known

pytestmark = pytest.mark.django_db


class Clock:
    """A clock that goes only when it is told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(portions, "clock", made)
    return made


def slow(clock: Clock, seconds: float, sizes: list[int], deed: Callable[..., Any]) -> Callable[..., Any]:  # fmt: skip
    """A deed that takes so long for each of those that it is given."""

    def done(some: Any, *rest: Any, **more: Any) -> Any:
        sizes.append(len(some))
        clock.now += seconds * len(some)
        return deed(some, *rest, **more)

    return done


@pytest.mark.parametrize(
    ("seconds", "sizes"),
    [(0.1, [20] + 16 * [5]), (0.01, [20, 40, 40]), (0.025, 5 * [20]), (9.0, [20] + 80 * [1])],
)
def test_a_portion_is_as_large_as_the_last_one_says(clock, seconds, sizes) -> None:
    found: list[int] = []
    told = list(in_portions(range(100), 200, slow(clock, seconds, found, sum)))
    assert found == sizes
    assert sum(result for _done, result in told) == sum(range(100)) and told[-1][0] == 100


def test_the_time_for_which_others_had_the_turn_is_not_its_own(clock, monkeypatch) -> None:
    def in_turn(name: str) -> None:
        clock.now += 60

    monkeypatch.setattr(turns, "in_turn", in_turn)
    found: list[int] = []
    list(in_portions(range(60), 200, slow(clock, 0.025, found, sum)))
    assert found == [20, 20, 20]


def test_golden_records_are_written_in_such_portions(clock, monkeypatch) -> None:
    for number in range(12):
        known(None, phone=f"010-4321-87{number:02}")
    SourceRecord.objects.update(unread=True, revision=2)
    monkeypatch.setattr(following, "AT_ONCE", 40)
    found: list[int] = []
    monkeypatch.setattr(
        following, "refresh_golden", slow(clock, 0.25, found, following.refresh_golden)
    )
    told: list[tuple[int, int]] = []
    following.follow_records("person", timezone.now(), by=None, tell=lambda *at: told.append(at))
    assert found == [4, 2, 2, 2, 2]
    assert told == [(4, 12), (6, 12), (8, 12), (10, 12), (12, 12)]
    assert not SourceRecord.objects.filter(unread=True).exists()


def test_waiting_records_are_given_in_such_portions(clock, monkeypatch) -> None:
    groups = []
    for number in range(12):
        mine = known(None, phone=f"010-4321-87{number:02}").records.get()
        new = SourceRecord.objects.create(source="web", key=str(number), values=mine.values)
        groups.append([mine.pk, new.pk])
    monkeypatch.setattr(giving, "AT_ONCE", 40)
    found: list[int] = []
    monkeypatch.setattr(giving, "_give", slow(clock, 0.25, found, giving._give))
    assert len(giving.give_customers(groups, timezone.now())) == 12
    assert found == [4, 2, 2, 2, 2] and not SourceRecord.objects.filter(customer=None).exists()


def test_ties_are_written_in_such_portions(clock, monkeypatch) -> None:
    rows = [known(None, phone=f"010-4321-87{number:02}").records.get().pk for number in range(13)]
    monkeypatch.setattr(ties, "AT_ONCE", 40)
    monkeypatch.setattr(ties, "tied_records", lambda con, kind: list(zip(rows, rows[1:], strict=False)))  # fmt: skip
    found: list[int] = []
    monkeypatch.setattr(ties, "store_ties", slow(clock, 0.25, found, ties.store_ties))
    assert ties.find_ties(None, PERSON) == {"households": 12}  # type: ignore[arg-type]
    assert found == [4, 2, 2, 2, 2]


WAITS = """SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"""


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_the_turn_has_it_before_the_next_portion() -> None:
    order: list[str] = []

    @anew(WHO_IS_WHO)
    def by_hand() -> None:
        order.append("by hand")
        Customer.objects.count()

    def person() -> None:
        by_hand()
        connection.close()

    asks = Thread(target=person)

    def deed(some: object) -> None:
        order.append("portion")
        if asks.ident is None:
            asks.start()
            with connection.cursor() as cursor:
                while not cursor.execute(WAITS).fetchone()[0]:
                    time.sleep(0.01)

    list(in_portions([1, 2, 3], 1, deed))
    asks.join()
    assert order == ["portion", "by hand", "portion", "portion"]
