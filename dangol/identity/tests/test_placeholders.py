"""What many people gave because they had to give something says little; names say whose they are in
whatever order they are written."""

from __future__ import annotations

import duckdb
import pytest

from dangol.customers.models import Customer
from dangol.identity.matching.full import load, match, records_table
from dangol.identity.matching.outcomes import Thresholds
from dangol.identity.matching.parameters import weigh
from dangol.identity.matching.usual import USUAL
from dangol.identity.models import Question, Run
from dangol.identity.reading.names import read_name, read_parts
from dangol.identity.reading.people import Person, read_person
from dangol.identity.recognising.all_records import match_all
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.stewarding.words import step_words
from dangol.identity.tests.factories import record

PLACEHOLDER = "1970-01-01"
FAMILIES, GIVEN = "김이박최정강조윤장임", ("서연", "도현", "하은", "지호")


def crowd(day: str) -> None:
    """Forty people of forty names who all gave one day."""
    for n in range(40):
        record("club", name=FAMILIES[n % 10] + GIVEN[n // 10], phone=f"010-2{n:03}-{7000 + 7 * n}", born_on=day)  # fmt: skip


def two(day: str) -> None:
    """Two records of one name and one day, alike in nothing else."""
    record("a", name="홍서연", phone="010-4321-8765", born_on=day)
    record("b", name="홍서연", phone="010-5555-1111", born_on=day)


@pytest.mark.django_db
def test_a_day_that_a_crowd_gave_joins_nobody_one_by_one() -> None:
    crowd(PLACEHOLDER)
    while match_waiting()["records"]:
        pass
    before = Customer.objects.count()
    two(PLACEHOLDER)
    assert match_waiting()["made"] == 2
    two_of_an_ordinary_day = record("c", name="박가온", born_on="1988-03-14")
    record("d", name="박가온", phone="010-6666-1111", born_on="1988-03-14")
    assert match_waiting() == {"records": 2, "made": 1, "joined": 1}
    two_of_an_ordinary_day.refresh_from_db()
    assert Customer.objects.count() == before + 3


@pytest.mark.django_db
def test_a_day_that_a_crowd_gave_joins_nobody_in_a_full_run() -> None:
    crowd(PLACEHOLDER)
    two(PLACEHOLDER)
    match_all(Run(kind="full"), by=None)
    assert Customer.objects.filter(name="홍서연").count() == 2


@pytest.mark.django_db
def test_the_waterfall_says_that_many_gave_the_day() -> None:
    usual = USUAL.weight("birth", "same")
    assert step_words("birth", "same", usual, USUAL)[0] == "같은 생년월일"
    label, note = step_words("birth", "same", 4.0, USUAL)
    assert label == "같은 생년월일이지만 여러 사람에게 적힌 날짜" and "17명 중 1명" in note


def person(name: str, **more: str) -> Person:
    """A person as it is read."""
    return read_person({"name": name, **more}, 2026)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Emily Johnson", "JohnsonEmily"), ("Fatima Khan", "KhanFatima"),
        ("Fatima Khan", "FATIMAKHAN"), ("Johnson Emily", "Emily Johnson"),
    ],
)  # fmt: skip
def test_foreign_names_in_either_order_are_one_name(one: str, other: str) -> None:
    assert weigh(person(one), person(other), USUAL, {}).level("name") == "turned"
    con = duckdb.connect()
    phone = {"phone": "010-4321-8765"}
    load(con, records_table([person(one, **phone), person(other, **phone)], [1, 2]))
    assert match(con, Thresholds(), USUAL).clusters.labels == [0, 0]


def test_names_written_together_are_taken_apart_and_own_names_are_not() -> None:
    assert read_name("FatimaKhan") == read_name("Fatima Khan") == read_parts("FATIMA", "KHAN")
    assert read_name("KimMinSu") == read_name("Kim Minsu")
    assert read_name("McDonald").given == "mcdonald"
    assert read_name("Ronald McDonald").family == "mcdonald"


@pytest.mark.django_db
def test_two_foreigners_of_one_family_with_one_phone_are_not_asked_about() -> None:
    record("a", name="Emily Johnson", phone="010-4321-8765", born_on="1988-03-14")
    record("b", name="Robert Johnson", phone="010-4321-8765", born_on="1985-07-02")
    assert match_waiting() == {"records": 2, "made": 2, "households": 1}
    assert not Question.objects.exists()
