"""A telephone or an e-mail that a crowd gave says nothing of who somebody is, one by one as all at once."""

from __future__ import annotations

import itertools

import pytest

from dangol.customers.models import Customer, Relation, SourceRecord
from dangol.identity.matching.blocking import CROWD, block_keys
from dangol.identity.recognising.candidates import MOST, candidates
from dangol.identity.recognising.crowds import without_crowds
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.recognising.readings import store_readings
from dangol.identity.tests.factories import record

pytestmark = pytest.mark.django_db
COMPANY = "02-555-1234"
FAMILIES, SYLLABLES = "김이박최정강조윤장임", "가나다라마바사아자차카타파하"
NAMES = ["".join(three) for three in itertools.product(FAMILIES, SYLLABLES, SYLLABLES)]
TWO = [
    {"name": "홍서연", "born_on": "1988-03-14"},
    {"name": "홍다빈", "born_on": "1988-03-14"},
]
"""Two strangers of one family name, born on one day."""


def employees(many: int, names: int, **said: str) -> None:
    """So many records of so many names that give the same, read and at nobody's."""
    rows = [
        record("staff", name=NAMES[at % names], born_on=f"{1950 + at % 40}-01-{1 + at % 28:02}", **said)
        for at in range(many)
    ]  # fmt: skip
    store_readings([(r.pk, "person", r.values) for r in rows], 2026)
    SourceRecord.objects.filter(pk__in=[r.pk for r in rows]).update(unread=False)


def households() -> int:
    return Relation.objects.filter(kind="household").count()


@pytest.mark.parametrize("way", [{"phone": COMPANY}, {"email": "office@company.example"}])
@pytest.mark.parametrize(
    "many", [CROWD + 12, MOST + 60], ids=["few enough to be found", "too many"]
)
def test_two_strangers_at_one_company_are_no_household(many: int, way: dict[str, str]) -> None:
    employees(many, 150, **way)
    for said in TWO:
        record("web", **said, **way)
    assert match_waiting() == {"records": 2, "made": 2}
    assert households() == 0


@pytest.mark.parametrize("field", ["phone", "phone2"])
def test_a_company_s_telephone_as_the_second_one_is_no_household(field: str) -> None:
    employees(MOST + 60, 150, phone=COMPANY)
    record("web", **TWO[0], phone=COMPANY)
    more = (
        {"phone": "010-1234-5678", "phone2": COMPANY} if field == "phone2" else {"phone": COMPANY}
    )
    record("web", **TWO[1], **more)
    match_waiting()
    assert households() == 0


def test_what_a_candidate_has_of_a_crowd_is_not_compared_either() -> None:
    employees(MOST + 60, 150, phone=COMPANY)
    first = record("web", **TWO[0], phone=COMPANY)
    other = record("web", **TWO[1], phone="02-555-1235")
    forms = store_readings([(r.pk, "person", r.values) for r in (first, other)], 2026)
    form = forms[other.pk]
    found = without_crowds(form, candidates(other.pk, block_keys(form)))
    assert [(c.record, c.form.phone) for c in found if c.record == first.pk] == [(first.pk, "")]
    assert form.phone != ""


def test_many_records_of_few_names_with_one_telephone_are_no_crowd() -> None:
    employees(MOST + 60, CROWD - 4, phone=COMPANY)
    for said in TWO:
        record("web", **said, phone=COMPANY)
    assert match_waiting()["households"] == 1


@pytest.mark.parametrize("names", [CROWD - 2, CROWD - 1])
def test_one_by_one_decides_where_a_crowd_begins_as_all_at_once(names: int) -> None:
    employees(names, names, phone=COMPANY)
    for said in TWO:
        record("web", **said, phone=COMPANY)
    match_waiting()
    # with both strangers there are names + 2 names
    assert households() == int(names + 2 <= CROWD)
    assert Customer.objects.count() == 2
