"""FEBRL persons through the import: gaps are taken, what is no date or no name is refused by line."""

import pytest

from dangol.customers.models import Customer
from dangol.imports.tests.factories import counts, loaded, reasons
from tests.real_data.convert import febrl, febrl_rows

pytestmark = pytest.mark.real_data
FILES = ["dataset1.csv", "dataset2.csv", "dataset3.csv", "dataset4a.csv", "dataset4b.csv"]


def real_day(text: str) -> bool:
    """Whether the text is a day of the calendar, told apart from our own parser."""
    import datetime as dt

    try:
        return 1850 <= dt.datetime.strptime(text, "%Y%m%d").year <= 2200
    except ValueError:
        return False


@pytest.mark.parametrize("name", FILES)
def test_febrl_persons_are_taken_or_refused_by_line(world, tmp_path, name):
    rows = febrl_rows(name)
    path = febrl(tmp_path, name)
    nameless = {i for i, r in enumerate(rows, 2) if not (r["given_name"] or r["surname"])}
    dateless = {
        i for i, r in enumerate(rows, 2) if r["date_of_birth"] and not real_day(r["date_of_birth"])
    }
    bad = nameless | dateless
    run = loaded("customers", path.read_bytes(), name=path.name, source=name)
    assert counts(run) == (len(rows) - len(bad), 0, 0, len(bad))
    told = dict(reasons(run))
    assert set(told) == bad
    assert all("empty, but needed" in told[line] for line in nameless)
    assert all("date" in told[line] for line in dateless - nameless)
    taken = [r for i, r in enumerate(rows, 2) if i not in bad]
    assert Customer.objects.filter(source=name).count() == len(taken)
    with_birth = Customer.objects.filter(source=name).exclude(born_on=None).count()
    assert with_birth == sum(1 for r in taken if r["date_of_birth"])
    again = loaded("customers", path.read_bytes(), name=path.name, source=name)
    assert counts(again) == (0, 0, len(taken), len(bad))


def test_an_address_is_written_as_its_country_writes_it(world, tmp_path):
    path = febrl(tmp_path, "dataset1.csv")
    loaded("customers", path.read_bytes(), name=path.name, source="febrl")
    waller = Customer.objects.get(source_key="rec-223-org")
    assert waller.name == "waller"
    assert (waller.given_name, waller.family_name, str(waller.born_on)) == (
        "",
        "waller",
        "1908-12-09",
    )
    point = waller.contact_points.get(kind="address")
    assert point.value == "(4011) willaroo 6 tullaroop street st james wa"
    assert point.parts == {
        "postcode": "4011", "province": "wa", "district": "st james", "country": "AU",
        "street": "6 tullaroop street", "detail": "willaroo",
    }  # fmt: skip
