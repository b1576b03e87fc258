"""The list of customers."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    F,
    Func,
    IntegerField,
    Model,
    Prefetch,
    QuerySet,
    UUIDField,
    Value,
)
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dangol.core.audit import record_access
from dangol.core.masking import shown_contact, shown_name, shown_phone
from dangol.customers.finding import candidate_ids
from dangol.customers.hangul import tidy
from dangol.customers.models import (
    ContactKind,
    ContactPoint,
    ContactState,
    Customer,
    CustomerKind,
)
from dangol.customers.queries import customers_visible_to
from dangol.places.filters import PlaceFilter
from dangol.ui.lists import (
    ChoiceFilter,
    Column,
    DateRangeFilter,
    ListPage,
    Order,
    record_url,
)
from dangol.ui.templatetags.ui import badge

MEANINGS = {"verified": "good", "wrong": "bad", "moved": "watch", "unverified": ""}


def first_point(customer: Customer, kind: str) -> ContactPoint | None:
    """The contact point in use of this kind, from what the list has fetched already."""
    points = [p for p in customer.points if p.kind == kind]  # type: ignore[attr-defined]
    return max(points, key=lambda p: (p.preferred, p.created_at), default=None)


def phone_of(customer: Customer) -> str:
    """The phone as the person may see it."""
    point = first_point(customer, "phone")
    return shown_contact("phone", shown_phone(point.value)) if point else ""


def phone_state(customer: Customer) -> str:
    """Whether the phone is known to be right."""
    point = first_point(customer, "phone")
    if point is None:
        return ""
    return badge(ContactState(point.state).label, MEANINGS[point.state], bare=True)


def email_of(customer: Customer) -> str:
    """The e-mail address as the person may see it."""
    point = first_point(customer, "email")
    return shown_contact("email", point.value) if point else ""


def with_state(rows: QuerySet, states: list[str]) -> QuerySet:
    """Customers that have a contact point in one of these states."""
    points = ContactPoint.objects.filter(state__in=states, ended_at=None)
    return rows.filter(pk__in=points.values("customer_id"))


class CustomerList(ListPage):
    """Customers that the person may see."""

    key = "customers"
    title = _("Customers")
    ability = "customers.see"
    columns = [
        Column("name", _("Name"), value=lambda c: shown_name(c.name), main=True, sortable="name"),
        Column("phone", _("Phone"), value=phone_of),
        Column("phone_state", _("Phone state"), value=phone_state, cell=phone_state),
        Column("email", _("E-mail"), value=email_of, dim=True),
        Column("home_place", _("Home site"), value=lambda c: c.home_place and str(c.home_place)),
        Column("kind", _("Kind"), value=lambda c: CustomerKind(c.kind).label, dim=True),
        Column("tier", _("Tier"), shown=False),
        Column("source", _("Source"), shown=False, dim=True),
        Column("created_at", _("Known since"), sortable=True, dim=True),
    ]
    filters = [
        ChoiceFilter("kind", _("Kind"), CustomerKind.choices),
        ChoiceFilter("state", _("Contact state"), ContactState.choices, apply=with_state),
        PlaceFilter("site", _("Home site"), path="home_place"),
        ChoiceFilter("language", _("Language"), [("ko", "한국어"), ("en", "English")]),
        DateRangeFilter("created_at", _("Known since")),
    ]
    orders = [Order("-created_at", _("Newest first"))]
    search = ("name",)
    found_order = "closeness"
    found_note = _("exact ones first, then similar ones")
    search_hint = _("Name, ㄱㅊㅅ, phone, e-mail, plate, customer or business number")
    export_ability = "customers.export"
    empty_title = _("No customers yet")
    empty_text = _("Import a file of customers, or add one by hand.")
    page_template = "customers/list.html"

    def rows(self, request: HttpRequest) -> QuerySet[Customer]:
        # Addresses are half of all and stand in no column.
        shown = [ContactKind.PHONE, ContactKind.EMAIL]
        points = ContactPoint.objects.filter(ended_at=None, kind__in=shown)
        return (
            customers_visible_to(request.user)
            .select_related("home_place")
            .prefetch_related(Prefetch("contact_points", points, to_attr="points"))
        )

    def searched(self, rows: QuerySet, words: str) -> QuerySet:
        found = candidate_ids(tidy(words), 1000)
        place = Func(
            Value(found, ArrayField(UUIDField())), F("pk"),
            function="array_position", output_field=IntegerField(),
        )  # fmt: skip
        return rows.filter(pk__in=found).annotate(closeness=place)

    def row_url(self, row: Model) -> str:
        return record_url("customers:customer", row.pk)

    def shown(self, request: HttpRequest, rows: list[Customer]) -> None:
        record_access(request, "customers", [row.pk for row in rows])

    def extra(self, request: HttpRequest) -> dict:
        return {"may_edit": request.user.can("customers.edit")}
