"""Whatever points at a customer moves with a merge and comes back, whichever merge is undone first."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from django.utils import timezone

from dangol.core.events import plain
from dangol.customers.attributes.actions import make_attribute
from dangol.customers.models import AttributeValue, Customer
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.belongings import belongings
from dangol.identity.tests.factories import known
from dangol.purchases.actions import record_transaction
from dangol.scores.actions.returns import begin_use
from dangol.scores.return_models import Exposure, Outcome
from dangol.segments.models import CustomerList, Listed

pytestmark = pytest.mark.django_db
FORGOTTEN = {"revision", "updated_at"}


def rows() -> set[str]:
    """Every row that hangs under a customer, whole."""
    found = set()
    for model in {Customer, *(one.model for one in belongings())}:
        for row in model._default_manager.values():
            fields = {k: plain(v) for k, v in row.items() if k not in FORGOTTEN}
            found.add(f"{model._meta.label} {json.dumps(fields, sort_keys=True)}")
    return found


def test_no_foreign_key_to_a_customer_is_forgotten() -> None:
    from django.apps import apps

    pointing = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Customer
    }
    left = {("identity_merge", "survivor_id"), ("customers_alias", "customer_id")}
    assert {(one.table, one.column) for one in belongings()} == pointing - left


def three(world) -> list[Customer]:
    """Three customers who have the same of everything that may not stand twice."""
    place = world.place("GANGNAM")
    made = [known(place), known(place, name="홍서언"), known(place, name="홍서윤")]
    refresh_golden([c.pk for c in made], by=None, trust={})
    attribute = make_attribute(key="colour", name="색", kind="number", by=None)
    listed = CustomerList.objects.create(name="명단", place=place)
    everybody = [*made, known(place), known(place)]
    use = begin_use(
        name="u", hold_out=0.5, days=9, customers=[c.pk for c in everybody], by=world.anna
    )
    for number, customer in enumerate(made):
        AttributeValue.objects.create(attribute=attribute, customer=customer, figure=number)
        Listed.objects.create(list=listed, customer=customer)
        Outcome.objects.create(
            use=use, customer=customer, measure="bought", amount=number, at=timezone.now()
        )
        record_transaction(
            customer=customer, place=place, kind="sale", by=None, at=timezone.now(),
            source="test", source_key=str(number),
        )  # fmt: skip
    return made


@pytest.mark.parametrize("order", list(permutations([0, 1])))
def test_merges_undone_in_either_order_give_every_row_back(world, order) -> None:
    a, b, c = three(world)
    before = rows()
    merges = [
        merge_customers(a, b, by=None),
        merge_customers(c, Customer.objects.get(pk=a.pk), by=None),
    ]
    assert Exposure.objects.count() == 3
    assert Outcome.objects.count() == Listed.objects.count() == 1
    assert AttributeValue.objects.get().customer_id == c.pk
    for at in order:
        undo_merge(merges[at], by=None)
    after = rows()
    assert before - after == set() == after - before
