"""The one way in which a case's turn passes, so that stints never gap nor overlap."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse

from dangol.cases.clock import set_deadlines
from dangol.cases.models import Case, Holder, Stint
from dangol.core.live import announce
from dangol.core.models import User
from dangol.places.models import Place


def locked(case: Case) -> Case:
    """The case, held against everybody else until the transaction ends."""
    return Case.objects.select_for_update(of=("self",)).select_related("place").get(pk=case.pk)


def site_or_head_office(case: Case) -> Holder:
    """Who takes a turn that comes to the site: head office once the site is closed."""
    return Holder.HEAD_OFFICE if case.place.closed_at else Holder.SITE


def pass_turn(
    case: Case,
    holder: Holder,
    *,
    at: dt.datetime,
    by: User | None,
    reason: str,
    place: Place | None = None,
) -> None:
    """End the open stint and begin the next at the same instant; the caller saves the case."""
    open_stint = case.stints.filter(to_at=None).order_by("-from_at").first()
    moment = max(at, open_stint.from_at) if open_stint else at
    if open_stint:
        open_stint.to_at = moment
        open_stint.save()
    Stint.objects.create(
        case=case, holder=holder, place=place or case.place, from_at=moment, by=by, reason=reason
    )
    case.holder = holder


def end_turn(case: Case, *, at: dt.datetime) -> None:
    """End the last stint: nobody holds a closed case."""
    open_stint = case.stints.filter(to_at=None).first()
    if open_stint:
        open_stint.to_at = max(at, open_stint.from_at)
        open_stint.save()


def store(case: Case, at: dt.datetime) -> None:
    """Derive the deadlines again, save, and tell the screens."""
    set_deadlines(case, list(case.stints.select_related("place")), at)
    case.revision += 1
    case.save()
    tell_screens(case)


def tell_screens(case: Case) -> None:
    """The case's own page shows the change at once; boards hear the events."""
    announce(f"case:{case.pk}")


def address_of(case: Case) -> str:
    """Where the case is looked at."""
    return reverse("cases:case", args=[case.pk])


def links_of(case: Case) -> dict[str, Any]:
    """What every event of a case carries: the case, its turn of the loop, customer, site, number."""
    return {
        "subject_id": case.pk,
        "thread_id": case.thread_id,
        "customer_id": case.customer_id,
        "place_id": case.place_id,
        "number": case.number,
    }
