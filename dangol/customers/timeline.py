"""One timeline of everything about a customer, lent by every app that has something to tell.

An app above lends a source in its own timeline.py; each gives at most `limit` moments before an
instant, newest first, and the page merges them:

    register(Source("calls", _("Calls"), calls_before, "interactions.see"))
"""

from __future__ import annotations

import datetime as dt
import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dangol.core.models import AuditEntry, User
from dangol.customers.models import Check, ContactKind, ContactState, Customer


@dataclass(frozen=True)
class Moment:
    """One thing that happened."""

    at: dt.datetime
    icon: str
    title: str
    text: str = ""
    url: str = ""
    by: str = ""
    meaning: str = ""


Tells = Callable[[User, Customer, dt.datetime, int], Iterable[Moment]]


@dataclass(frozen=True)
class Source:
    """Who can tell of a customer."""

    key: str
    label: str | Promise
    before: Tells
    ability: str = "customers.see"


SOURCES: dict[str, Source] = {}


def register(*sources: Source) -> None:
    """Lend sources to the timeline."""
    for source in sources:
        SOURCES[source.key] = source


def sources_for(user: User) -> list[Source]:
    """The sources that this person may read."""
    return [source for source in SOURCES.values() if user.can(source.ability)]


def hidden_from(user: User) -> list[str]:
    """What the timeline holds back from this person."""
    return [str(source.label) for source in SOURCES.values() if not user.can(source.ability)]


def moments_before(
    user: User, customer: Customer, before: dt.datetime, keys: list[str], limit: int = 30
) -> list[Moment]:
    """The newest moments before an instant, of the chosen sources (none chosen: all)."""
    chosen = [s for s in sources_for(user) if not keys or s.key in keys]
    told = [
        sorted(s.before(user, customer, before, limit), key=lambda m: m.at, reverse=True)
        for s in chosen
    ]
    return list(islice(heapq.merge(*told, key=lambda m: m.at, reverse=True), limit))


def checks_before(
    user: User, customer: Customer, before: dt.datetime, limit: int
) -> Iterable[Moment]:
    """Tries to use a contact point."""
    meanings = {"verified": "good", "wrong": "bad", "moved": "watch"}
    rows = Check.objects.filter(contact_point__customer=customer, at__lt=before)
    for check in rows.select_related("contact_point", "by").order_by("-at")[:limit]:
        kind = ContactKind(check.contact_point.kind).label
        yield Moment(
            check.at,
            "circle-check" if check.outcome == "verified" else "triangle-alert",
            f"{kind}: {ContactState(check.outcome).label}",
            by=str(check.by or ""),
            meaning=meanings.get(check.outcome, ""),
        )


def edits_before(
    user: User, customer: Customer, before: dt.datetime, limit: int
) -> Iterable[Moment]:
    """Corrections of the customer's own facts."""
    titles = {
        "add_customer": _("Became known"),
        "change_customer": _("Facts corrected"),
        "add_contact_point": _("Contact point added"),
        "choose_contact_point": _("Contact point chosen"),
        "add_relation": _("Relation added"),
        "end_relation": _("Relation ended"),
        "unmask_customer": _("Seen unmasked"),
    }
    rows = AuditEntry.objects.filter(
        subject_id=customer.pk, verb__in=titles, created_at__lt=before
    ).select_related("by")
    for entry in rows.order_by("-created_at")[:limit]:
        yield Moment(
            entry.created_at,
            "pencil",
            titles[entry.verb],
            text=entry.reason,
            by=str(entry.by or ""),
        )


register(
    Source("checks", gettext_lazy("Checks"), checks_before),
    Source("edits", gettext_lazy("Corrections"), edits_before),
)
