"""Next product from lines in the database to an offer on the customer's page and on the desk."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import count

import pytest

from dangol.purchases.actions import add_product, record_transaction
from dangol.purchases.models import Line
from dangol.scores import offering
from dangol.scores.models import ModelWeights, Score
from dangol.scores.offering import memory, offers_for
from dangol.scores.tests.factories import NOON, ran
from tests.lake.factories import a_customer, a_sale

KEYS = count(1)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(offering, "KEPT", {})
    monkeypatch.setattr(offering, "MISSED", {})


@pytest.fixture
def shop(world, lake_folder):
    """Forty customers who buy a car, then, after about two years, its extended warranty; twenty buy tyres."""
    car, warranty, tyres = (
        add_product(code=code, name=ko, name_en=en, by=None)
        for code, ko, en in (
            ("CAR", "차", "Car"),
            ("EXT", "보증 연장", "Extended warranty"),
            ("TYRE", "타이어", "Tyres"),
        )
    )
    for i in range(60):
        customer = a_customer(name=f"손님{i}", home_place=world.place("GANGNAM"))
        buys(customer, car, 1000 - i * 3)
        if i < 40:
            buys(customer, warranty, 270 - i * 3 - i % 5)
        elif i % 2:
            buys(customer, tyres, 600 - i * 9)
    return car, warranty, tyres


def buys(customer, product, ago: int, amount: int = 100) -> None:
    sale = a_sale(customer, amount, at=NOON - dt.timedelta(days=ago))
    Line.objects.create(transaction=sale, product=product, amount=amount)


def test_an_offer_says_because_of_what_and_after_how_long(shop, client, world):
    car, _warranty, _tyres = shop
    new = a_customer(name="새손님", home_place=world.place("GANGNAM"))
    buys(new, car, 700)
    run = ran("next")
    assert (run.state, run.failure) == ("finished", "")
    score = Score.objects.get(customer=new)
    assert score.cell == "EXT"
    code, ko, _en, because, _because_en, gap, said = score.reasons[0]
    assert (code, ko, because) == ("offer", "보증 연장", "차")
    assert 700 < gap < 760 and said == pytest.approx(score.value, abs=1e-3)
    client.force_login(world.mark)
    page = client.get(f"/scores/customer/{new.pk}/").content.decode()
    assert "보증 연장: 차 고객이 약 2년 뒤에 사요" in page
    assert "NDCG" in client.get("/scores/next/?view=quality").content.decode()
    assert "보증 연장" in client.get("/scores/next/").content.decode()


def test_what_somebody_has_is_never_offered(shop):
    ran("next")
    for score in Score.objects.filter(model__key="next"):
        owned = set(
            Line.objects.filter(transaction__customer=score.customer).values_list(
                "product__name", flat=True
            )
        )
        assert owned.isdisjoint(r[1] for r in score.reasons)


def test_a_purchase_is_learned_when_it_is_heard(shop, world, django_capture_on_commit_callbacks):
    car, warranty, tyres = shop
    ran("next")
    kept = memory()
    at = kept.place
    before = kept.model.matrix()[at[tyres.pk], at[warranty.pk]]
    with django_capture_on_commit_callbacks(execute=True):
        for i in range(12):
            customer = a_customer(name=f"또{i}")
            buys(customer, tyres, 50)
            record_transaction(
                customer=customer, kind="sale", at=NOON, source="t", source_key=f"n{next(KEYS)}",
                place=None, by=None, lines=[(warranty, Decimal(1), Decimal(1))],
            )  # fmt: skip
    assert kept.model.matrix()[at[tyres.pk], at[warranty.pk]] > before + 0.01
    assert offers_for(a_customer().pk) == []


def test_a_new_champion_replaces_what_was_kept(shop):
    ran("next")
    first = memory()
    first.looked -= 100
    assert memory() is first
    ModelWeights.objects.filter(version=first.version).update(body=ModelWeights.objects.get().body)
    assert memory().version == first.version


def test_one_product_teaches_nothing(world, lake_folder):
    only = add_product(code="ONE", name="하나", by=None)
    buys(a_customer(), only, 5)
    run = ran("next")
    assert (run.state, run.failure) == ("lacking", "too few products")
