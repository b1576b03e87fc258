"""Lists, pages and panels of purchases, and the same by API."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from dangol.core.models import Event
from dangol.customers.actions import add_customer
from dangol.purchases.actions import add_product, record_transaction
from dangol.purchases.models import Product, Transaction

AT = dt.datetime(2026, 3, 2, 5, 30, tzinfo=dt.UTC)


@pytest.fixture
def sold(world):
    cars = add_product(code="CARS", name="승용", by=world.anna)
    car = add_product(code="TUCSON", name="투싼", parent=cars, by=world.anna)
    customer = add_customer(name="김철수", by=world.anna, home_place=world.place("GANGNAM"))
    return record_transaction(
        customer=customer, kind="sale", at=AT, source="dms", source_key="T1", by=world.anna,
        place=world.place("GANGNAM"), lines=[(car, Decimal(1), Decimal(32_000_000))],
        plate="12가3456",
    )  # fmt: skip


def test_the_list_shows_what_was_bought_where(client, world, sold, django_assert_max_num_queries):
    client.force_login(world.grace)
    with django_assert_max_num_queries(12):
        page = client.get("/purchases/").content.decode()
    assert "투싼" in page
    assert "강남지점" in page
    assert "김*수" in page
    assert "김철수" not in page


def test_the_file_of_the_list_says_what_was_bought(client, world, sold):
    client.force_login(world.sue)
    answer = client.get("/purchases/?export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "투싼" in lines[1]


def test_a_purchase_elsewhere_is_404(client, world, sold):
    client.force_login(world.eve)
    assert client.get(f"/purchases/{sold.pk}/").status_code == 404
    assert client.get(f"/purchases/customer/{sold.customer_id}/owned/").status_code == 404
    assert client.get(f"/purchases/customer/{sold.customer_id}/").status_code == 404
    assert "투싼" not in client.get("/purchases/").content.decode()


def test_a_purchase_has_its_page_and_panels(client, world, sold):
    client.force_login(world.rex)
    assert "TUCSON" in client.get(f"/purchases/{sold.pk}/").content.decode()
    assert (
        "12가3456" in client.get(f"/purchases/customer/{sold.customer_id}/owned/").content.decode()
    )
    assert "투싼" in client.get(f"/purchases/customer/{sold.customer_id}/").content.decode()


def test_a_privacy_officer_sees_no_purchases(client, world, sold):
    client.force_login(world.pia)
    for page in ("", "products/", f"{sold.pk}/", f"customer/{sold.customer_id}/owned/"):
        assert client.get(f"/purchases/{page}").status_code == 403


def test_the_tree_is_a_list_in_its_order(client, world, sold, django_assert_max_num_queries):
    client.force_login(world.anna)
    with django_assert_max_num_queries(12):
        page = client.get("/purchases/products/").content.decode()
    assert page.index("승용") < page.index('<span class="tree-1">투싼')
    answer = client.post("/purchases/products/new/", {"code": "TUCSON", "name": "다른"})
    assert answer.status_code == 422
    parent = Product.objects.get(code="CARS").pk
    answer = client.post("/purchases/products/new/", {"code": "K5", "name": "K5", "parent": parent})
    assert answer.status_code == 302
    assert Product.objects.get(code="K5").parent.code == "CARS"


def test_recording_twice_changes_nothing(world, sold):
    again = record_transaction(
        customer=sold.customer, kind="sale", at=AT, source="dms", source_key="T1", by=world.anna
    )
    assert again == sold
    assert Transaction.objects.count() == 1
    assert Event.objects.filter(name="purchases.TransactionsLoaded").count() == 1


def test_a_program_records_a_purchase(client, world, sold):
    client.force_login(world.anna)
    body = {
        "customer_id": str(sold.customer_id), "place_id": str(world.place("GANGNAM").pk),
        "kind": "service", "at": "2026-03-05T10:00:00+09:00", "source": "dms",
        "source_key": "S1", "amount": "120000",
    }  # fmt: skip
    answer = client.post("/api/v1/purchases", json.dumps(body), content_type="application/json")
    assert answer.status_code == 201, answer.content
    assert Transaction.objects.get(source_key="S1").amount == 120000
    listed = client.get("/api/v1/purchases?limit=1").json()
    assert [row["source_key"] for row in listed["items"]] == ["S1"]
    client.force_login(world.grace)
    answer = client.post("/api/v1/purchases", json.dumps(body), content_type="application/json")
    assert answer.status_code == 403
