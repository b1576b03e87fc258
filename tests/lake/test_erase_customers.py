"""An erased person is in no version any more."""

from __future__ import annotations

from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from dangol.customers.models import Customer
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from dangol.warehouse.erasing import erase_customers
from dangol.warehouse.numbers import keys_of, numbers_of
from tests.lake.factories import a_customer, a_sale, amounts, rows_in_lake

pytestmark = pytest.mark.usefixtures("lake_folder")


@pytest.fixture
def two(db):
    """A customer who leaves (amounts 1, 3) and one who stays (2), over three versions."""
    leaves, stays = a_customer(name="가는이"), a_customer(name="남는이")
    first = a_sale(leaves, 1)
    versions = [copy_changes().version]
    a_sale(stays, 2)
    versions.append(copy_changes().version)
    first.amount = Decimal(3)
    first.save()
    versions.append(copy_changes().version)
    return leaves, stays, first, versions


def test_no_file_of_any_version_holds_the_person(two, lake_folder):
    leaves, stays, sale, versions = two
    (gone,) = numbers_of(Customer, [leaves.pk]).values()
    sale.delete()
    leaves.delete()
    run = erase_customers([gone], by=None)
    assert [amounts(v) for v in versions] == [[], [Decimal(2)], [Decimal(2)]]
    for path in lake_folder.glob("*/*.parquet"):
        rows = pq.read_table(path)
        whose = "id" if path.parent.name == "customers" else "customer"
        if whose in rows.column_names and path.parent.name in ("customers", "transactions"):
            assert gone not in rows[whose].to_pylist()
    assert run.rows == 2
    copy_changes()
    assert amounts() == [Decimal(2)]
    assert keys_of(Customer, [row["id"] for row in rows_in_lake("customers")]) == {
        row["id"]: stays.pk for row in rows_in_lake("customers")
    }


def test_what_a_law_keeps_comes_back_from_the_source(two):
    leaves, _stays, _sale, versions = two
    (gone,) = numbers_of(Customer, [leaves.pk]).values()
    erase_customers([gone], by=None)
    assert amounts() == [Decimal(2)]
    copy_changes()
    assert sorted(amounts()) == [Decimal(2), Decimal(3)]
    assert amounts(versions[0]) == []


def test_erasing_nobody_changes_nothing(two):
    *_rest, versions = two
    before = [amounts(v) for v in versions]
    erase_customers([999_999], by=None)
    assert [amounts(v) for v in versions] == before
    assert lake().version == versions[-1]
