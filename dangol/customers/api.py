"""Customers by program."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from dangol.core.api import After, Body, Limit, Page, Problem, may, one_of, page_of
from dangol.core.audit import record_access
from dangol.core.masking import shown_contact, shown_name, shown_words
from dangol.core.models import User
from dangol.customers import actions
from dangol.customers.attributes.api import router as attribute_router
from dangol.customers.attributes.queries import PREFIX, values_of
from dangol.customers.by_id import customer_or_problem
from dangol.customers.doubles import likely_doubles
from dangol.customers.finding import customers_found_by
from dangol.customers.freshness import freshness_of
from dangol.customers.models import ContactPoint, Customer
from dangol.customers.queries import customers_visible_to
from dangol.customers.relation_api import router as relation_router
from dangol.imports.reserved import refuse_reserved
from dangol.places.models import Place
from dangol.places.scope import places_visible_to

router = Router(tags=["customers"])
router.add_router("", relation_router)
router.add_router("", attribute_router)
UNREAD = object()
"""What a program saw is not known: whatever changed since its revision is a conflict."""
Name = Field(min_length=1, max_length=120)


class CustomerOut(Schema):
    """A customer; names are masked for those who do not need them whole."""

    id: uuid.UUID
    kind: str
    name: str
    language: str
    home_place_id: uuid.UUID | None
    tier: str
    source: str
    source_key: str
    revision: int
    created_at: dt.datetime
    updated_at: dt.datetime

    @staticmethod
    def resolve_name(customer: Customer) -> str:
        """As the asking person may see it."""
        return shown_name(customer.name)


class ContactPointOut(Schema):
    """A way to reach a customer, and what the latest check said."""

    id: uuid.UUID
    kind: str
    value: str
    preferred: bool
    state: str
    checked_at: dt.datetime | None
    source: str

    @staticmethod
    def resolve_value(point: ContactPoint) -> str:
        """As the asking person may see it."""
        return shown_contact(point.kind, point.value)


class CustomerWhole(CustomerOut):
    """A customer with contact points."""

    note: str
    born_on: dt.date | None
    contact_points: list[ContactPointOut]
    attributes: dict[str, float | bool | str | dt.date]
    """The company's own attributes that are known: {key: value}."""

    @staticmethod
    def resolve_attributes(customer: Customer) -> dict[str, Any]:
        """Values by key."""
        return values_of(customer.pk)

    @staticmethod
    def resolve_note(customer: Customer) -> str:
        """As the asking person may see it."""
        return shown_words(customer.note)

    @staticmethod
    def resolve_contact_points(customer: Customer) -> list[ContactPoint]:
        """Those in use."""
        return list(customer.contact_points.filter(ended_at=None).order_by("kind", "created_at"))


class CustomerIn(Body):
    """A customer to add."""

    name: str = Name
    kind: Literal["person", "organisation"] = "person"
    phone: str = Field("", max_length=40)
    email: str = Field("", max_length=254)
    born_on: dt.date | None = None
    language: str = Field("ko", max_length=5)
    home_place_id: uuid.UUID | None = None
    note: str = ""
    source: str = Field("api", max_length=40)
    source_key: str = Field("", max_length=100)
    even_if_known: bool = False


class CustomerChange(Body):
    """What to correct; `revision` is the one that was read. Left out: stays."""

    revision: int = Field(ge=1, le=2_000_000_000)
    name: str | None = Field(None, min_length=1, max_length=120)
    born_on: dt.date | None = None
    language: str | None = Field(None, max_length=5)
    note: str | None = None
    home_place_id: uuid.UUID | None = None
    attributes: dict[str, float | bool | str | None] = Field(
        {}, max_length=200, description="own attributes: {key: value}; null takes the value away"
    )


class ContactPointIn(Body):
    """A way to reach a customer."""

    kind: Literal["phone", "email", "address"]
    value: str = Field(min_length=1, max_length=254)
    preferred: bool = Field(False, description="chosen before all others of its kind")


class CheckIn(Body):
    """What a try to use a contact point said."""

    outcome: Literal["verified", "wrong", "moved"]
    new_value: str | None = Field(None, max_length=254)
    interaction_id: uuid.UUID | None = None


class RateOut(Schema):
    """Wrong contact points out of those checked, with 95% bounds."""

    key: str
    wrong: int
    checked: int
    share: float | None
    low: float
    high: float


def mine(request: HttpRequest, key: uuid.UUID, ability: str) -> Customer:
    """A customer that the asking person may see (an old id of a merged one too); 404 otherwise."""
    found = customer_or_problem(may(request, ability), key, ability)
    record_access(request, "api customer", [found.pk])
    return found


@router.get("/customers", response=Page[CustomerOut])
def list_customers(request: HttpRequest, after: After = "", limit: Limit = 50) -> Any:
    """Customers that you may see, newest first."""
    page = page_of(customers_visible_to(may(request, "customers.see")), "-created_at", after, limit)
    record_access(request, "api customers", [customer.pk for customer in page["items"]])
    return page


@router.get("/customers/found", response=list[CustomerOut])
def find_customers(request: HttpRequest, q: str, limit: Limit = 20) -> Any:
    """By name (typing errors allowed), initial consonants, phone tail, e-mail, business registration
    or corporate number, plate or serial."""
    found = customers_found_by(may(request, "customers.see"), q, limit)
    record_access(request, "api find", [customer.pk for customer in found])
    return found


@router.get("/customers/{customer_id}", response=CustomerWhole)
def get_customer(request: HttpRequest, customer_id: uuid.UUID) -> Any:
    """One customer with contact points."""
    return mine(request, customer_id, "customers.see")


@router.post("/customers", response={201: CustomerWhole})
def add_customer(request: HttpRequest, body: CustomerIn) -> Any:
    """Make a customer known; 409 names likely doubles unless `even_if_known`.

    409 too where the source's key is a customer's already, also of one who was merged since.
    """
    user = may(request, "customers.edit")
    if not body.even_if_known:
        doubles = likely_doubles(
            customers_visible_to(user), name=body.name, phone=body.phone, email=body.email
        )
        if doubles:
            ids = [str(customer.pk) for customer, _why in doubles]
            told = _("Send even_if_known to add anyway.")
            raise Problem(409, _("Perhaps known"), told, known=ids)
    place = None
    if body.home_place_id:
        place = one_of(places_visible_to(user, "customers.edit"), body.home_place_id, "place")
    try:
        customer = _added(body, place, user)
    except actions.KeyTaken as taken:
        known = [str(c.pk) for c in customers_visible_to(user).filter(pk=taken.customer.pk)]
        raise Problem(409, _("Already there"), " ".join(taken.messages), known=known) from None
    return Status(201, customer)


def _added(body: CustomerIn, place: Place | None, user: User) -> Customer:
    """The customer and how to reach it, both or nothing."""
    refuse_reserved(body.source)
    said = body.dict(exclude={"phone", "email", "home_place_id", "even_if_known"})
    with transaction.atomic():
        customer = actions.add_customer(**said, home_place=place, by=user)
        more: dict[str, Any] = {"source": body.source}
        for kind, value in filter(all, (("phone", body.phone), ("email", body.email))):
            actions.add_contact_point(customer, kind, value, by=user, **more)
    return customer


@router.patch("/customers/{customer_id}", response=CustomerWhole)
def change_customer(request: HttpRequest, customer_id: uuid.UUID, body: CustomerChange) -> Any:
    """Correct a customer; 409 says what somebody else wrote since your revision."""
    customer = mine(request, customer_id, "customers.edit")
    fields = body.dict(exclude_unset=True, exclude={"revision", "home_place_id", "attributes"})
    if body.home_place_id:
        places = places_visible_to(may(request, "customers.edit"), "customers.edit")
        fields["home_place"] = one_of(places, body.home_place_id, "place")
    fields = {k: v for k, v in fields.items() if v is not None or k == "born_on"}
    try:
        return actions.change_customer(
            customer,
            by=may(request, "customers.edit"),
            revision=body.revision,
            seen=dict.fromkeys([*fields, *(PREFIX + key for key in body.attributes)], UNREAD),
            attributes=body.attributes,
            **fields,
        )
    except actions.EditConflict as conflict:
        theirs = {name: str(value) for name, value in conflict.theirs.items()}
        told = _("Read it again and decide.")
        raise Problem(409, _("Changed meanwhile"), told, theirs=theirs) from None


@router.post("/customers/{customer_id}/contact-points", response={201: ContactPointOut})
def add_contact_point(request: HttpRequest, customer_id: uuid.UUID, body: ContactPointIn) -> Any:
    """Write down a way to reach a customer; the same value a second time changes nothing."""
    customer = mine(request, customer_id, "customers.edit")
    point = actions.add_contact_point(
        customer, body.kind, body.value, preferred=body.preferred, source="api",
        by=may(request, "customers.edit"),
    )  # fmt: skip
    return Status(201, point)


@router.post("/contact-points/{point_id}/checks", response={201: ContactPointOut})
def check_contact_point(request: HttpRequest, point_id: uuid.UUID, body: CheckIn) -> Any:
    """Store what a try to use a contact point said; answers the one that is now in use."""
    user = may(request, "customers.edit")
    points = ContactPoint.objects.filter(
        customer__in=customers_visible_to(user, "customers.edit"), ended_at=None
    )
    point = actions.check_contact_point(
        one_of(points, point_id, "contact point"),
        body.outcome,
        new_value=body.new_value,
        interaction_id=body.interaction_id,
        by=user,
    )
    return Status(201, point)


@router.get("/customers-freshness", response=list[RateOut])
def list_freshness(
    request: HttpRequest, by: Literal["source", "site", "month"] = "source", days: int = 365
) -> Any:
    """The rate of wrong contact points by source, site or month."""
    user = may(request, "customers.see")
    fresh = freshness_of(user, min(max(days, 1), 3650), timezone.now())
    rates = {"source": fresh.by_source, "site": fresh.by_site, "month": fresh.by_month}[by]
    told = []
    for key, rate in rates:
        low, high = rate.bounds
        label = key.isoformat() if isinstance(key, dt.date) else str(key or "")
        told.append(
            {
                "key": label, "wrong": rate.wrong, "checked": rate.checked, "share": rate.share,
                "low": low, "high": high,
            }
        )  # fmt: skip
    return told
