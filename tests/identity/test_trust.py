"""What the page of a source says of its trust decides what a customer is, through a real reading."""

from __future__ import annotations

import pytest

from dangol.customers.models import Customer
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.recognising.new_records import match_waiting
from dangol.sources.actions import set_trust
from dangol.sources.queries import trust_by_source
from dangol.sources.tests.conftest import inbox  # noqa: F401
from dangol.sources.tests.factories import HEADINGS, MAPPING, a_source, put, ran

OLD, NEW = "010-4321-8765", "010-5555-6666"
BORN = "1988-03-14"
TILL = ["7", "홍서연", OLD, "hong@mail.example", BORN]
CRM = ["9", "홍서윤", OLD, "hong@mail.example", BORN]


def read(code: str, row: list[str], trust: int | None = None, world=None, **more):  # type: ignore[no-untyped-def]
    """A source of one person that was connected, read once and matched."""
    put("people.csv", [HEADINGS, row], folder=code)
    source = a_source(code=code, reach={"folder": code}, **more)
    if trust is not None:
        set_trust(source, {"name": trust, "phone": trust}, by=world.anna)
    ran(source)
    while match_waiting()["records"]:
        pass
    return source


def again(source, row: list[str]) -> None:  # type: ignore[no-untyped-def]
    """The same source says something else."""
    put("people.csv", [HEADINGS, row], folder=source.code)
    ran(source)
    while match_waiting()["records"]:
        pass


@pytest.mark.parametrize("trusted_is_read_first", [True, False])
def test_which_source_was_read_last_decides_nothing_and_trust_does(
    world, trusted_is_read_first: bool
) -> None:
    rows = [("till", TILL, 90), ("crm", CRM, 20)]
    for code, row, trust in rows if trusted_is_read_first else reversed(rows):
        read(code, row, trust, world)
    assert trust_of_sources() == trust_by_source()
    assert trust_by_source()["till"] == {"phone": 90, "phone2": 90, "name": 90}
    assert Customer.objects.get().name == "홍서연"


def test_a_value_that_changed_in_a_later_run_is_newer_than_the_most_trusted(world) -> None:
    read("till", TILL, 90, world)
    crm = read("crm", ["9", "홍서연", OLD, "hong@mail.example", BORN], 20, world)
    again(crm, ["9", "홍서연", NEW, "hong@mail.example", BORN])
    customer = Customer.objects.get()
    assert customer.contact_points.get(preferred=True, kind="phone").value == "+821055556666"


def test_an_age_that_the_source_tells_beats_one_that_nobody_knows(world) -> None:
    read("till", TILL, 90, world)
    put("people.csv", [[*HEADINGS, "기준일"], [*CRM, "2020-01-01"]], folder="crm")
    mapping = MAPPING | {"as_of": {"from": ["기준일"]}}
    source = a_source(code="crm", reach={"folder": "crm"}, mapping=mapping)
    ran(source)
    while match_waiting()["records"]:
        pass
    assert Customer.objects.get().name == "홍서윤"


def test_a_row_that_a_source_lost_takes_its_values_and_brings_all_of_them_back(world) -> None:
    till = read("till", TILL)
    customer = Customer.objects.get()
    other = ["8", "김도현", "010-9999-1111", "", "1971-01-01"]
    again(till, other)
    customer.refresh_from_db()
    assert (customer.name, customer.born_on) == ("홍서연", None)
    assert not customer.contact_points.filter(ended_at=None).exists()
    put("people.csv", [HEADINGS, TILL, other], folder="till")
    ran(till)
    while match_waiting()["records"]:
        pass
    customer.refresh_from_db()
    assert str(customer.born_on) == BORN
    live = customer.contact_points.filter(ended_at=None).order_by("kind")
    assert [p.value for p in live] == ["hong@mail.example", "+821043218765"]
