"""What a source no longer has: purchases count nowhere, products are not offered, sites are asked."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from dangol.core.models import Event, Notice
from dangol.customers.actions import add_customer
from dangol.customers.records.models import SourceRecord
from dangol.places.models import Place
from dangol.purchases.models import Product, Transaction
from dangol.sources.models import GoneSite
from dangol.sources.tests.factories import a_source, put, ran
from dangol.sources.tests.test_other_entities import BOUGHT
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake

HEAD = ["no", "cust", "day", "store", "won", "sku"]
ROWS = [
    ["a", "77", "2026-03-01", "GANGNAM", "12000", "P1"],
    ["b", "77", "2026-03-02", "MAPO", "5000", "P1"],
    ["c", "77", "2026-03-03", "MAPO", "700", "P1"],
]


@pytest.fixture
def customer(world):  # type: ignore[no-untyped-def]
    """Somebody whom the till knows as 77, and the product that was sold."""
    Product.objects.create(code="P1", name="하나")
    found = add_customer(name="김철수", by=None, home_place=world.place("MAPO"))
    SourceRecord.objects.create(source="till", key="77", customer=found)
    return found


def till(rows, **fields):  # type: ignore[no-untyped-def]
    """The till with these rows."""
    put("sales.csv", [HEAD, *rows])
    mapping = BOUGHT | {"product": {"from": ["sku"]}}
    return a_source(code="till", entity="transaction", place="sales.csv", mapping=mapping, **fields)


def counted() -> dict[str, list[int]]:
    """What the lake holds of purchases: amounts of transactions and of lines."""
    copy_changes()
    seen = lake()
    return {
        name: sorted(int(one) for one in seen.run(seen.table(name)).column("amount").to_pylist())
        for name in ("transactions", "lines")
    }


@pytest.mark.django_db
def test_a_gone_purchase_leaves_the_lake_and_comes_back_with_its_row(customer, lake_folder):
    source = till(ROWS)
    assert ran(source).new == 3
    assert counted()["transactions"] == [700, 5000, 12000]
    put("sales.csv", [HEAD, *ROWS[:2]])
    run = ran(source)
    assert (run.gone, run.same) == (1, 2)
    assert counted() == {"transactions": [5000, 12000], "lines": [5000, 12000]}
    gone = Transaction.objects.get(source_key="c")
    assert gone.gone_at and gone.lines.count() == 1
    assert Event.objects.filter(name="purchases.TransactionsGone").get().payload["count"] == 1
    assert ran(source).gone == 0, "the same file again takes nothing away"
    put("sales.csv", [HEAD, *reversed(ROWS)])
    run = ran(source)
    assert (run.changed, run.same, run.gone) == (1, 2, 0)
    assert Transaction.objects.get(source_key="c").gone_at is None
    assert counted()["lines"] == [700, 5000, 12000]


@pytest.mark.django_db
def test_another_list_of_the_same_system_still_has_it(customer):
    source = till(ROWS)
    ran(source)
    put("more.csv", [HEAD, ROWS[2]], folder="more")
    other = a_source(
        code="till2", entity="transaction", reach={"folder": "more"},
        mapping=source.mapping,
    )  # fmt: skip
    other.system = "till"
    other.save()
    ran(other)
    put("sales.csv", [HEAD, *ROWS[:2]])
    assert ran(source).gone == 1
    assert not Transaction.objects.exclude(gone_at=None).exists()


@pytest.mark.django_db
def test_a_run_that_would_take_more_than_half_away_asks(customer):
    many = [[str(n), *ROWS[0][1:]] for n in range(40)]
    source = till(many)
    ran(source)
    put("sales.csv", [HEAD, *many[:15]])
    run = ran(source)
    assert run.state == "asks" and run.asked["why"] == "halved"
    assert not Transaction.objects.exclude(gone_at=None).exists()


@pytest.mark.django_db
def test_the_customers_page_says_where_it_is_no_longer(customer, client, world):
    source = till(ROWS)
    ran(source)
    put("sales.csv", [HEAD, *ROWS[:2]])
    ran(source)
    client.force_login(world.anna)
    shown = client.get(reverse("purchases:of_customer", args=[customer.pk])).content.decode()
    assert shown.count("till에서 사라짐") == 1
    gone = Transaction.objects.get(source_key="c")
    page = client.get(reverse("purchases:transaction", args=[gone.pk])).content.decode()
    assert "till에서 사라짐" in page and "어떤 수치에도 들어가지 않아요" in page
    found = client.get(reverse("purchases:list") + "?gone=0").content.decode()
    assert str(gone.pk) in found and found.count("data-href") <= 1


@pytest.mark.django_db
def test_a_gone_product_is_no_longer_sold_and_comes_back(world):
    rows = [
        ["code", "name", "until"],
        ["P1", "세단", ""],
        ["P2", "왜건", "2026-01-31"],
        ["P3", "밴", ""],
    ]
    put("p.csv", rows)
    mapping = {"key": {"from": ["code"]}, "name": {"from": ["name"]}, "ended_on": {"from": ["until"]}}  # fmt: skip
    source = a_source(code="p", entity="product", mapping=mapping)
    ran(source)
    put("p.csv", [rows[0], rows[3]])
    assert ran(source).gone == 2
    ended = dict(Product.objects.values_list("code", "ended_on"))
    assert ended["P1"] == timezone.localdate() and str(ended["P2"]) == "2026-01-31"
    assert ended["P3"] is None
    put("p.csv", [*rows, ["P4", "트럭", ""]])
    assert ran(source).changed == 2
    ended = dict(Product.objects.values_list("code", "ended_on"))
    assert ended["P1"] is None and str(ended["P2"]) == "2026-01-31"
    assert not Product.objects.exclude(gone_at=None).exists()


@pytest.fixture
def gone_site(world, customer):  # type: ignore[no-untyped-def]
    """A source of sites that lost Mapo."""
    rows = [["code", "name"], ["MAPO", "마포"], ["GANGNAM", "강남"]]
    put("s.csv", rows)
    source = a_source(
        code="s", entity="site", mapping={"key": {"from": ["code"]}, "name": {"from": ["name"]}}
    )
    ran(source)
    put("s.csv", [rows[0], rows[2]])
    run = ran(source)
    assert (run.gone, run.strange["sites_gone"]["count"]) == (1, 1)
    return source


@pytest.mark.django_db
def test_no_machine_closes_a_site(gone_site, client, world):
    assert Place.objects.get(code="MAPO").closed_at is None
    assert Notice.objects.filter(user=world.anna, url=reverse("sources:gone_sites")).count() == 1
    client.force_login(world.anna)
    assert reverse("sources:gone_sites") in client.get(reverse("sources:list")).content.decode()
    page = client.get(reverse("sources:gone_sites")).content.decode()
    item = GoneSite.objects.get()
    assert str(item.place) in page
    client.post(reverse("sources:close_gone_sites"), {"pick": [str(item.pk)]})
    item.refresh_from_db()
    assert item.closed and item.answered_by == world.anna
    assert Place.objects.get(code="MAPO").closed_at == item.answered_at
    assert ran(gone_site).gone == 0
    assert GoneSite.objects.count() == 1, "nobody is asked twice"


@pytest.mark.django_db
def test_a_site_may_stay_and_a_site_that_is_back_asks_nobody(gone_site, client, world):
    put("s.csv", [["code", "name"], ["MAPO", "마포"], ["GANGNAM", "강남"], ["X", ""]])
    run = ran(gone_site)
    assert run.strange["sites_back"]["count"] == 1
    item = GoneSite.objects.get()
    assert item.back_at and item.answered_at is None
    put("s.csv", [["code", "name"], ["GANGNAM", "강남"]])
    ran(gone_site)
    item = GoneSite.objects.get(back_at=None)
    client.force_login(world.anna)
    client.post(reverse("sources:keep_gone_sites"), {"pick": [str(item.pk)]})
    item.refresh_from_db()
    assert item.closed is False and Place.objects.get(code="MAPO").closed_at is None


@pytest.mark.django_db
def test_only_who_edits_places_is_asked(gone_site, client, world):
    client.force_login(world.grace)
    item = GoneSite.objects.get()
    answer = client.post(reverse("sources:close_gone_sites"), {"pick": [str(item.pk)]})
    assert answer.status_code == 403
    item.refresh_from_db()
    assert item.answered_at is None and Place.objects.get(code="MAPO").closed_at is None


@pytest.mark.django_db
def test_gone_sites_are_listed_and_answered_by_program(gone_site, client, world):
    client.force_login(world.anna)
    [row] = client.get("/api/v1/gone-sites").json()["items"]
    assert (row["code"], row["customers"]) == ("MAPO", 1)
    address = f"/api/v1/gone-sites/{row['id']}/answer"
    client.force_login(world.grace)
    assert client.post(address, {"close": True}, content_type="application/json").status_code == 403
    client.force_login(world.anna)
    for status in (204, 404):
        sent = client.post(address, {"close": False}, content_type="application/json")
        assert sent.status_code == status
    assert GoneSite.objects.get().closed is False
