"""Products and purchases by program."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from dangol.core.api import After, Body, Instant, Limit, Page, may, one_of, page_of
from dangol.core.audit import record_access
from dangol.customers.by_id import customer_or_problem
from dangol.places.scope import places_visible_to
from dangol.purchases import actions
from dangol.purchases.queries import products, transactions_visible_to

router = Router(tags=["purchases"])


class ProductOut(Schema):
    """A product of the tree."""

    id: uuid.UUID
    code: str
    name: str
    name_en: str
    parent_id: uuid.UUID | None
    ended_on: dt.date | None = None


class ProductIn(Body):
    """A product to add."""

    code: str = Field(max_length=60)
    name: str = Field(max_length=120)
    name_en: str = Field("", max_length=120)
    parent_id: uuid.UUID | None = None


class LineIn(Body):
    """One product of a purchase."""

    product_id: uuid.UUID
    quantity: Decimal = Field(Decimal(1), gt=0, lt=10**9, decimal_places=3)
    amount: Decimal = Field(Decimal(0), max_digits=16, decimal_places=2)


class TransactionIn(Body):
    """A sale or visit to write down; the same source and key a second time changes nothing."""

    customer_id: uuid.UUID
    place_id: uuid.UUID | None = None
    kind: Literal["sale", "service", "other"]
    at: Instant
    source: str = Field(min_length=1, max_length=40)
    source_key: str = Field(min_length=1, max_length=100)
    amount: Decimal | None = Field(None, max_digits=16, decimal_places=2)
    currency: str = Field("KRW", pattern="^[A-Z]{3}$")
    staff_name: str = Field("", max_length=60)
    note: str = Field("", max_length=200)
    plate: str = Field("", max_length=20)
    serial: str = Field("", max_length=40)
    lines: list[LineIn] = Field(default_factory=list, max_length=200)


class TransactionOut(Schema):
    """A sale or visit."""

    id: uuid.UUID
    customer_id: uuid.UUID
    place_id: uuid.UUID | None
    kind: str
    at: dt.datetime
    amount: Decimal
    currency: str
    staff_name: str
    source: str
    source_key: str
    gone_at: dt.datetime | None = Field(
        None, description="since when its source no longer has it: it counts nowhere"
    )


@router.get("/products", response=Page[ProductOut])
def list_products(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """The product tree in its order."""
    may(request, "purchases.see")
    return page_of(products(), "lo", after, limit)


@router.post("/products", response={201: ProductOut})
def add_product(request: HttpRequest, body: ProductIn):  # type: ignore[no-untyped-def]
    """Put a product into the tree."""
    user = may(request, "places.edit")
    fields = body.dict(exclude={"parent_id"})
    parent = one_of(products(), body.parent_id, "product") if body.parent_id else None
    return Status(201, actions.add_product(parent=parent, by=user, **fields))


@router.get("/purchases", response=Page[TransactionOut])
def list_purchases(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Sales and visits that you may see, the latest first."""
    page = page_of(transactions_visible_to(may(request, "purchases.see")), "-at", after, limit)
    record_access(request, "api purchases", [row.customer_id for row in page["items"]])
    return page


@router.get("/purchases/{purchase_id}", response=TransactionOut)
def get_purchase(request: HttpRequest, purchase_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """One sale or visit."""
    found = one_of(transactions_visible_to(may(request, "purchases.see")), purchase_id, "purchase")
    record_access(request, "api purchase", [found.customer_id])
    return found


@router.post("/purchases", response={201: TransactionOut})
def record_purchase(request: HttpRequest, body: TransactionIn):  # type: ignore[no-untyped-def]
    """Write down a sale or visit."""
    user = may(request, "imports.run")
    customer = customer_or_problem(user, body.customer_id)
    place = None
    if body.place_id:
        place = one_of(places_visible_to(user, "imports.run"), body.place_id, "site")
    lines = [
        (one_of(products(), x.product_id, "product"), x.quantity, x.amount) for x in body.lines
    ]
    fields = body.dict(exclude={"customer_id", "place_id", "lines"})
    made = actions.record_transaction(
        customer=customer, place=place, lines=lines, by=user, **fields
    )
    return Status(201, made)
