import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction

from dangol.customers.models import Check, ContactPoint, Customer, SourceRecord
from dangol.customers.records.models import OURS
from dangol.customers.tallies import tally_differences
from dangol.demo.bulk import TABLES, loaded_at_once
from dangol.demo.company import CompanyExists, make_company
from dangol.demo.copying import copy_into
from dangol.purchases.models import Transaction
from dangol.surveys.cells import differences
from dangol.surveys.models import IndexCell, Response

PROMISES = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated, conenforced
FROM pg_constraint WHERE conrelid = ANY(%(tables)s::regclass[])
UNION ALL SELECT tablename, indexname, indexdef, true, true FROM pg_indexes WHERE tablename = ANY(%(tables)s)
UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled = 'O', true
FROM pg_trigger WHERE tgrelid = ANY(%(tables)s::regclass[]) AND NOT tgisinternal
ORDER BY 1, 2, 3
"""


def promises():
    """Every constraint, index and trigger of the loaded tables."""
    with connection.cursor() as cursor:
        cursor.execute(PROMISES, {"tables": TABLES})
        return cursor.fetchall()


@pytest.fixture
def company(db, settings, tmp_path):
    settings.VAR = tmp_path
    before = promises()
    make_company(customers=400, seed=7, offices=20, centres=20, say=lambda line: None)
    return before


def test_everything_that_the_tables_promise_holds_again(company):
    assert len(company) > 100
    assert set(promises()) ^ set(company) == set()
    customer = Customer.objects.all()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Transaction.objects.create(customer_id=customer.home_place_id, kind="sale", amount=1)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_cells_and_tallies_equal_their_raw_rows(company):
    assert Response.objects.exclude(day=None).count() > 100
    assert IndexCell.objects.filter(item="", place__parent=None).exists()
    assert differences() == []
    assert Check.objects.filter(outcome="wrong").exists()
    assert tally_differences() == []


def test_every_contact_point_stands_as_its_latest_check_says(company):
    for point in ContactPoint.objects.exclude(checked_at=None):
        latest = point.checks.latest("at")
        assert (point.state, point.checked_at) == (latest.outcome, latest.at)


def test_what_was_told_on_a_call_stands_in_a_record_of_our_own(company):
    told = ContactPoint.objects.filter(source="agent", ended_at=None)
    assert told.exists()
    for point in told:
        record = SourceRecord.objects.get(source=OURS, key=str(point.customer_id))
        assert record.values[point.kind] == point.value and not record.unread
        assert record.since(point.kind) == point.created_at


def test_a_second_company_is_refused(company):
    with pytest.raises(CompanyExists):
        make_company(customers=10, seed=1, say=lambda line: None)


@pytest.mark.django_db
def test_a_load_with_a_key_that_points_nowhere_is_refused_as_a_whole():
    before = promises()
    nobody = "0" * 32
    with pytest.raises(IntegrityError), transaction.atomic(), loaded_at_once():
        copy_into(
            "interactions_thread",
            {
                "id": ["1" * 32], "created_at": "2026-01-01T00:00Z", "customer_id": [nobody],
                "place_id": None, "transaction_id": None, "begun_by": "voice", "ended_at": None,
            },
        )  # fmt: skip
    assert promises() == before


@pytest.mark.django_db
def test_texts_with_tabs_breaks_and_backslashes_arrive_as_they_were():
    names = ["가\t나", "가\\n나", "가\n나\r", "\\\\N", "x"]
    copy_into("customers_knownname", {"name_jamo": names})
    copy_into("customers_knownname", {"name_jamo": np.array(["다라", "마바"])})
    with connection.cursor() as cursor:
        cursor.execute("SELECT name_jamo FROM customers_knownname")
        assert {name for (name,) in cursor.fetchall()} == {*names, "다라", "마바"}
