"""Writes over products and transactions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.places.models import Place
from dangol.places.tree import hold_tree, renumber
from dangol.purchases.events import ProductAdded, TransactionsLoaded
from dangol.purchases.models import Line, Ownership, Product, Transaction


@transaction.atomic
def add_product(
    *, code: str, name: str, by: User | None, parent: Product | None = None, **fields: Any
) -> Product:
    """Put a product into the tree."""
    hold_tree(Product)
    product = Product(code=code, name=name, parent=parent, **fields)
    product.full_clean(exclude=["lo", "hi"])
    product.save(force_insert=True)
    renumber(Product)
    product.refresh_from_db()
    record_change("add_product", product, by=by, changes={"code": [None, code]})
    publish(ProductAdded(subject_id=product.pk, code=code), by=by)
    return product


@transaction.atomic
def record_transaction(
    *,
    customer: Customer,
    kind: str,
    at: dt.datetime,
    source: str,
    source_key: str,
    by: User | None,
    place: Place | None = None,
    lines: Sequence[tuple[Product, Decimal, Decimal]] = (),
    amount: Decimal | None = None,
    plate: str = "",
    serial: str = "",
    **fields: Any,
) -> Transaction:
    """Write down one sale or visit; the same source key a second time changes nothing."""
    if not source or not source_key:
        raise ValidationError(_("A transaction needs a source and its key there."))
    if at.tzinfo is None:
        raise ValidationError({"at": _("Say the time zone.")})
    total = sum((line[2] for line in lines), Decimal(0)) if amount is None else amount
    done, created = Transaction.objects.get_or_create(
        source=source, source_key=source_key,
        defaults={"customer": customer, "place": place, "kind": kind, "at": at, "amount": total}
        | fields,
    )  # fmt: skip
    if not created:
        return done
    done.full_clean(exclude=["customer", "place"], validate_unique=False)
    Line.objects.bulk_create(
        Line(transaction=done, product=product, quantity=quantity, amount=price)
        for product, quantity, price in lines
    )
    if (plate or serial) and lines and kind == "sale":
        Ownership.objects.create(
            customer=customer, product=lines[0][0], transaction=done, serial=serial, plate=plate,
            since=at.date(),
        )  # fmt: skip
    if customer.home_place_id is None and place is not None:
        Customer.objects.filter(pk=customer.pk, home_place=None).update(home_place=place)
    record_change("record_transaction", done, by=by, changes={"source_key": [None, source_key]})
    publish(
        TransactionsLoaded(
            subject_id=done.pk, customer_id=customer.pk, place_id=place.pk if place else None,
            kind=kind, count=1, first_at=at.isoformat(), last_at=at.isoformat(),
        ),
        by=by,
    )  # fmt: skip
    return done
