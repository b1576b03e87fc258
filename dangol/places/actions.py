"""Writes over places, calendars and grants."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.core.roles import Role
from dangol.places.events import (
    CalendarChanged,
    PlaceClosed,
    PlaceMoved,
    PlaceOpened,
    PlaceReopened,
)
from dangol.places.models import Calendar, CalendarException, Grant, Kind, Place
from dangol.places.timetables import revise_timetables
from dangol.places.tree import hold_tree, renumber

LEVELS = list(Kind.values)


def check_level(kind: str, parent: Place | None) -> None:
    """A place stands below a higher level; a company stands alone."""
    if parent is None and kind != Kind.COMPANY:
        raise ValidationError({"parent": _("Only a company stands at the top of the tree.")})
    if parent is not None and LEVELS.index(kind) <= LEVELS.index(parent.kind):
        raise ValidationError({"parent": _("A place stands below a higher level.")})


def check_line(place: Place) -> None:
    """No place stands below itself, and everything directly below stays at a lower level."""
    above = place.parent
    if above is not None and place.lo <= above.lo <= place.hi:
        raise ValidationError({"parent": _("A place cannot stand below itself.")})
    lowest_allowed = LEVELS[LEVELS.index(place.kind) + 1 :]
    if place.children.exclude(kind__in=lowest_allowed).exists():
        raise ValidationError({"kind": _("A place below this one stands at the same level.")})


@transaction.atomic
def open_place(
    *, code: str, name: str, kind: str, parent: Place | None = None, by: User | None, **fields: Any
) -> Place:
    """Add a place to the tree."""
    hold_tree(Place)  # before the row: two who open at once would each wait for the other
    check_level(kind, parent)
    place = Place(code=code, name=name, kind=kind, parent=parent, lo=0, hi=0, **fields)
    place.full_clean(exclude=["lo", "hi"])
    place.save(force_insert=True)
    renumber(Place)
    place.refresh_from_db()
    record_change("open_place", place, by=by, changes={"code": [None, code], "name": [None, name]})
    publish(PlaceOpened(subject_id=place.pk, place_id=place.pk, code=code), by=by)
    return place


@transaction.atomic
def change_place(place: Place, *, by: User | None, **fields: Any) -> Place:
    """Change a place's own facts; a new parent moves it and everything below it."""
    # Not the key: rows elsewhere may go on pointing at the place while it moves.
    if {"parent", "kind"} & set(fields):
        hold_tree(Place)  # two moves at once could each be right and make a circle together
    place = Place.objects.select_for_update(no_key=True).get(pk=place.pk)
    if fields.get("parent"):
        fields["parent"] = Place.objects.get(pk=fields["parent"].pk)
    before = {name: getattr(place, name) for name in fields}
    for name, value in fields.items():
        setattr(place, name, value)
    moved = "parent" in fields and before["parent"] != place.parent
    check_level(place.kind, place.parent)
    check_line(place)
    place.full_clean(exclude=["lo", "hi"])
    place.save()
    if moved:
        renumber(Place)
        place.refresh_from_db()
        revise_timetables()  # the hours of the line above may be others
        publish(PlaceMoved(subject_id=place.pk, place_id=place.pk, code=place.code), by=by)
    changes = {n: [before[n], v] for n, v in fields.items() if before[n] != v}
    if {"calendar", "time_zone"} & set(changes):
        calendar_changed([place], by=by)
    if changes:
        record_change("change_place", place, by=by, changes=changes)
    return place


@transaction.atomic
def close_place(place: Place, *, by: User | None, at: dt.datetime | None = None) -> Place:
    """End a place; its past stays, what is open there goes to head office."""
    hold_tree(Place)
    place = Place.objects.select_for_update(no_key=True).get(pk=place.pk)
    if place.closed_at:
        return place
    if place.parent_id is None:
        raise ValidationError(_("The company itself cannot be closed."))
    below = place.children.filter(closed_at=None).count()
    if below:
        raise ValidationError(
            ngettext(
                "%(count)s place below it is still open. Close or move it first.",
                "%(count)s places below it are still open. Close or move them first.",
                below,
            )
            % {"count": below}
        )
    moment = at or timezone.now()
    place = change_place(place, by=by, closed_at=moment)
    publish(PlaceClosed(subject_id=place.pk, place_id=place.pk, code=place.code), by=by, at=moment)
    return place


@transaction.atomic
def reopen_place(place: Place, *, by: User | None) -> Place:
    """Let a closed place work again, below a place that is open."""
    hold_tree(Place)
    place = Place.objects.select_for_update(no_key=True).get(pk=place.pk)
    if place.closed_at is None:
        return place
    if place.parent and place.parent.closed_at:
        raise ValidationError(_("The place above is closed. Open that one first."))
    place = change_place(place, by=by, closed_at=None)
    publish(PlaceReopened(subject_id=place.pk, place_id=place.pk, code=place.code), by=by)
    return place


@transaction.atomic
def set_exception(
    place: Place, on: dt.date, hours: list[list[str]], *, by: User | None, reason: str = ""
) -> CalendarException:
    """Give a place other hours on one day; an empty list closes it."""
    exception, _created = CalendarException.objects.update_or_create(
        place=place, on=on, defaults={"hours": hours, "reason": reason}
    )
    record_change("set_exception", place, by=by, changes={str(on): [None, hours]}, reason=reason)
    calendar_changed([place], by=by)
    return exception


@transaction.atomic
def keep_calendar(
    calendar: Calendar | None,
    *,
    name: str,
    country: str,
    hours: dict[str, list[list[str]]],
    by: User | None,
) -> Calendar:
    """Make a calendar, or change one; clocks are derived again from then on."""
    kept = calendar or Calendar()
    before = kept.hours if calendar else None
    kept.name, kept.country, kept.hours = name, country, hours
    kept.full_clean()
    kept.save()
    record_change("keep_calendar", kept, by=by, changes={"hours": [before, hours]})
    calendar_changed(list(kept.places.all()), by=by)
    return kept


def calendar_changed(places: list[Place], *, by: User | None) -> None:
    """Forget the timetables that are kept, and tell who counts minutes."""
    revise_timetables()
    for place in places:
        publish(CalendarChanged(subject_id=place.pk, place_id=place.pk), by=by)


@transaction.atomic
def grant_role(user: User, role: Role | str, place: Place, *, by: User | None) -> Grant:
    """Give a person a role at a place and everything below; a second time changes nothing."""
    grant, created = Grant.objects.get_or_create(
        user=user, role=role, place=place, revoked_at=None, defaults={"granted_by": by}
    )
    if created:
        record_change(
            "grant_role", user, by=by, changes={"grant": [None, f"{role} @ {place.code}"]}
        )
    return grant


@transaction.atomic
def revoke_role(grant: Grant, *, by: User | None, at: dt.datetime | None = None) -> None:
    """End a grant; its history stays."""
    if grant.revoked_at is None:
        grant.revoked_at, grant.revoked_by = at or timezone.now(), by
        grant.save()
        record_change(
            "revoke_role", grant.user, by=by,
            changes={"grant": [f"{grant.role} @ {grant.place.code}", None]},
        )  # fmt: skip
