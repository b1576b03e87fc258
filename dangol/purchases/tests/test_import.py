"""Products and transactions from files."""

from decimal import Decimal

import pytest

from dangol.core.models import Event
from dangol.customers.models import Customer
from dangol.imports.tests.factories import counts, loaded, reasons
from dangol.purchases.models import Line, Ownership, Product, Transaction

PRODUCTS = "상품코드,상품명,상위코드\nCARS,승용,\nSUV,SUV,CARS\nTUCSON,투싼,SUV\n"
CUSTOMERS = "고객번호,이름,휴대폰\nC1,김철수,010-1234-5678\nC2,이영희,010-2222-3333\n"
SALES = (
    "거래번호,고객번호,거래일,지점,구분,상품코드,수량,상품금액,차량번호,차대번호\n"
    'T1,C1,2026-03-02 14:30,GANGNAM,판매,TUCSON,1,"32,000,000",12가3456,KMH001\n'
    "T1,C1,2026-03-02 14:30,GANGNAM,판매,SUV,2,50000,,\n"
    "T2,C2,2026-03-03,마포지점,정비,TUCSON,1,120000,,\n"
)


@pytest.fixture
def base(world):
    assert counts(loaded("products", PRODUCTS)) == (3, 0, 0, 0)
    assert counts(loaded("customers", CUSTOMERS)) == (2, 0, 0, 0)
    return world


def test_a_transaction_comes_with_lines_and_what_the_customer_owns(base):
    assert counts(loaded("transactions", SALES)) == (3, 0, 0, 0)
    sale = Transaction.objects.get(source_key="T1")
    assert sale.at.isoformat() == "2026-03-02T05:30:00+00:00"
    assert (sale.amount, sale.place.code, sale.kind) == (Decimal("32050000.00"), "GANGNAM", "sale")
    assert Line.objects.filter(transaction=sale).count() == 2
    assert Transaction.objects.get(source_key="T2").place.code == "MAPO"
    owned = Ownership.objects.get()
    assert (owned.plate, owned.serial, owned.customer.name) == ("12가3456", "KMH001", "김철수")
    homes = dict(Customer.objects.values_list("source_key", "home_place__code"))
    assert homes == {"C1": "GANGNAM", "C2": "MAPO"}


def test_each_batch_is_told_by_kind(base):
    loaded("transactions", SALES)
    told = Event.objects.filter(name="purchases.TransactionsLoaded").order_by("position")
    assert [(e.payload["kind"], e.payload["count"]) for e in told] == [("sale", 1), ("service", 1)]
    assert told[0].payload["first_at"] == "2026-03-02T05:30:00+00:00"


def test_the_same_file_twice_changes_nothing(base):
    loaded("transactions", SALES)
    before = list(Transaction.objects.order_by("pk").values())
    assert counts(loaded("transactions", SALES)) == (0, 0, 3, 0)
    assert list(Transaction.objects.order_by("pk").values()) == before
    assert (Line.objects.count(), Ownership.objects.count()) == (3, 1)
    assert counts(loaded("products", PRODUCTS)) == (0, 0, 3, 0)


def test_a_changed_line_replaces_the_old_ones(base):
    loaded("transactions", SALES)
    assert counts(loaded("transactions", SALES.replace(",2,50000", ",1,50000"))) == (0, 2, 1, 0)
    quantities = Line.objects.filter(product__code="SUV").values_list("quantity", flat=True)
    assert list(quantities) == [Decimal("1.000")]


def test_unknown_customer_site_and_product_are_named_and_nothing_is_half_loaded(base):
    content = (
        "거래번호,고객번호,거래일,지점,상품코드\n"
        "T1,C9,2026-03-02,GANGNAM,TUCSON\n"
        "T2,C1,2026-03-02,NOWHERE,TUCSON\n"
        "T3,C1,2026-03-02,GANGNAM,TUCSON\n"
        "T3,C1,2026-03-02,GANGNAM,NOTHING\n"
        "T4,C1,언젠가,GANGNAM,TUCSON\n"
        "T5,C1,2026-03-02,GANGNAM,TUCSON\n"
    )
    run = loaded("transactions", content)
    assert counts(run) == (1, 0, 0, 5)
    assert reasons(run) == [
        (2, "Customer number (고객번호): there is no customer “C9”"),
        (3, "Site (지점): there is no site “NOWHERE”"),
        (4, "another row with the same key was refused"),
        (5, "Product (상품코드): there is no product “NOTHING”"),
        (6, "when (거래일): “언젠가” is not a date; write 2026-01-31"),
    ]
    assert list(Transaction.objects.values_list("source_key", flat=True)) == ["T5"]


def test_rows_of_one_transaction_that_contradict_each_other_are_refused_together(base):
    content = (
        "거래번호,고객번호,거래일,상품코드\nT1,C1,2026-03-02,TUCSON\nT1,C2,2026-03-02,SUV\n"
        "T2,C1,2026-03-02,SUV\n"
    )
    run = loaded("transactions", content)
    assert counts(run) == (1, 0, 0, 2)
    assert "differ from line 2" in reasons(run)[1][1]


def test_a_sale_of_the_same_car_ends_the_former_ownership(base):
    loaded("transactions", SALES)
    content = (
        "거래번호,고객번호,거래일,구분,상품코드,차대번호\nT9,C2,2026-05-01,판매,TUCSON,KMH001\n"
    )
    assert counts(loaded("transactions", content)) == (1, 0, 0, 0)
    owners = Ownership.objects.order_by("since").values_list("customer__name", "ended_on")
    assert [(name, str(end)) for name, end in owners] == [
        ("김철수", "2026-05-01"),
        ("이영희", "None"),
    ]


def test_products_below_an_unknown_or_circling_parent_are_refused(world):
    content = "code,name,parent code\nA,A,B\nB,B,A\nC,C,MISSING\nD,D,C\nE,E,\nF,F,E\n"
    run = loaded("products", content)
    assert counts(run) == (2, 0, 0, 4)
    assert sorted(Product.objects.values_list("code", flat=True)) == ["E", "F"]
    below = Product.objects.get(code="F")
    above = Product.objects.get(code="E")
    assert above.lo < below.lo <= below.hi <= above.hi
