"""Clocks that ran out: warn the site, then tell one place above after the other."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.cases.actions.turn import address_of, links_of, locked, tell_screens
from dangol.cases.clock import used_minutes
from dangol.cases.events import CaseEscalated
from dangol.cases.models import Case, Escalation
from dangol.core.events import publish
from dangol.core.jobs import one_by_one
from dangol.core.models import User
from dangol.core.notices import notify
from dangol.places.models import Place
from dangol.places.queries import ancestors


def people_at(place: Place) -> list[User]:
    """Who answers for cases exactly at this place."""
    roles = ("site_manager", "supervisor", "administrator")
    return list(
        User.objects.filter(
            is_active=True, grants__revoked_at=None, grants__place=place, grants__role__in=roles
        ).distinct()
    )


def escalate_due_cases(at: dt.datetime | None = None) -> int:
    """Warn and escalate every case whose moment has come; twice or late gives the same. How many.

    A case that fails holds up no other.
    """
    moment = at or timezone.now()
    due = Case.objects.filter(closed_at=None, resolved_at=None).filter(
        Q(warn_at__lte=moment, warned_at=None) | Q(due_at__lte=moment)
    )
    keys = due.values_list("pk", flat=True).iterator()
    return sum(one_by_one(keys, lambda key: escalate_one(key, moment)))


@transaction.atomic
def escalate_one(key: uuid.UUID, at: dt.datetime) -> int:
    """Warn or escalate one case as far as its clock says: one level for each full promise missed."""
    case = locked(Case(pk=key))
    if case.closed_at or case.resolved_at or case.warn_at is None:
        return 0
    done = 0
    if case.warned_at is None and case.warn_at <= at:
        case.warned_at = at
        case.save(update_fields=["warned_at"])
        told = [case.assigned_to] if case.assigned_to else people_at(case.place)
        for person in told:
            notify(
                person,
                lambda: (
                    _("Case #%(number)s: a quarter of its time is left") % {"number": case.number}
                ),
                address_of(case),
            )
        done = 1
    above = list(ancestors(case.place).exclude(pk=case.place_id).order_by("-lo"))
    missed = int(used_minutes(case.stints.select_related("place"), at) // case.minutes)
    have = case.escalations.count()
    for level in range(have + 1, min(missed, len(above)) + 1):
        tell_place_above(case, level, above[level - 1], at)
        done = 1
    if done:
        tell_screens(case)
    return done


def tell_place_above(case: Case, level: int, place: Place, at: dt.datetime) -> None:
    """Write the escalation and tell the people there."""
    Escalation.objects.create(case=case, level=level, place=place, at=at)
    for person in people_at(place):
        notify(
            person,
            lambda: (
                _("Case #%(number)s at %(site)s is over its time")
                % {"number": case.number, "site": case.place}
            ),
            address_of(case),
        )
    publish(
        CaseEscalated(
            **links_of(case),
            level=level,
            told_place_id=str(place.pk),
        ),
        at=at,
    )
