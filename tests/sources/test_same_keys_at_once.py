"""Two sources that bring the same new keys, or the same new people, at one moment."""

from __future__ import annotations

from collections import Counter

import pytest

from dangol.customers.models import Customer, SourceRecord
from dangol.demo.sources.population import population
from dangol.identity.actions import run_full
from dangol.identity.recognising.new_records import match_waiting
from dangol.sources.actions import choose_place, set_mapping, set_schedule
from dangol.sources.connections import connect_source
from dangol.sources.models import Run
from dangol.sources.tests.factories import HEADINGS, MAPPING, put, ran
from tests.identity.at_once import at_once

PEOPLE = 150
ROWS = [
    [str(p.number), p.family + p.given, p.phones[-1], p.emails[0], "{}-{:02}-{:02}".format(*p.born)]
    for p in population(PEOPLE, seed=3)
]


def source(code: str, system: str = ""):  # type: ignore[no-untyped-def]
    """A folder of its own with the same rows."""
    put("people.csv", [HEADINGS, *ROWS], folder=code)
    made = connect_source(
        code=code, name=code, entity="person", connection="folder", reach={"folder": code},
        hidden="", system=system, by=None,
    )  # fmt: skip
    made = set_mapping(choose_place(made, "*.csv", by=None), MAPPING, by=None)
    return set_schedule(made, schedule="", full=True, by=None)


@pytest.fixture
def inbox(settings, tmp_path):  # type: ignore[no-untyped-def]
    settings.INBOX = tmp_path
    return tmp_path


@pytest.mark.django_db(transaction=True)
def test_two_lists_of_one_system_with_the_same_new_keys(inbox) -> None:
    one, two = source("a", "shop"), source("b", "shop")
    assert at_once(lambda: ran(one), lambda: ran(two)) == ["done", "done"]
    assert {run.state for run in Run.objects.all()} == {"finished"}
    keys = Counter(SourceRecord.objects.filter(source="shop").values_list("key", flat=True))
    assert keys == dict.fromkeys((row[0] for row in ROWS), 1)
    run_full()
    assert Customer.objects.count() == PEOPLE


@pytest.mark.django_db(transaction=True)
def test_two_systems_with_the_same_new_people_while_they_are_matched(inbox) -> None:
    one, two = source("a"), source("b")

    def matched() -> None:
        while match_waiting()["records"]:
            pass

    assert set(at_once(lambda: ran(one), lambda: ran(two), matched, matched)) == {"done"}
    matched()
    assert SourceRecord.objects.count() == 2 * PEOPLE
    assert not SourceRecord.objects.filter(customer=None).exists()
    assert Customer.objects.count() == PEOPLE
