"""Reads over products, transactions and what customers own."""

from __future__ import annotations

import uuid
from collections import Counter

from django.db.models import F, QuerySet

from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.places.scope import scoped
from dangol.purchases.models import Ownership, Product, Transaction


def products() -> QuerySet[Product]:
    """The product tree in its order; products are no secret of a site."""
    return Product.objects.order_by("lo")


def products_by_text() -> dict[str, uuid.UUID]:
    """Every product by its code and by its name where that is unique."""
    rows = list(Product.objects.values_list("pk", "code", "name"))
    count = Counter(name for _pk, _code, name in rows)
    found = {name: pk for pk, _code, name in rows if count[name] == 1}
    return found | {code: pk for pk, code, _name in rows}


def transactions_visible_to(user: User) -> QuerySet[Transaction]:
    """Transactions at sites where the person may see purchases."""
    return scoped(Transaction.objects.all(), user, "purchases.see", "place")


def ownerships_of(user: User, customer: Customer) -> QuerySet[Ownership]:
    """What a (visible) customer has, the present first."""
    rows = Ownership.objects.filter(customer=customer) if user.can("purchases.see") else None
    if rows is None:
        return Ownership.objects.none()
    rows = rows.select_related("product", "transaction")
    return rows.order_by(
        F("transaction__gone_at").asc(nulls_first=True), "ended_on", "-since", "pk"
    )
