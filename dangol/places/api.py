"""Places, hours, people and roles by program."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import get_random_string
from ninja import Router, Schema, Status
from pydantic import Field

from dangol.core.api import After, Body, Instant, Limit, Page, may, one_of, page_of
from dangol.core.models import User
from dangol.core.roles import Role
from dangol.places import actions, people
from dangol.places.forms import read_spans
from dangol.places.models import Calendar, Grant
from dangol.places.queries import timetable_of
from dangol.places.scope import people_kept_by, places_visible_to, scoped

router = Router(tags=["places and people"])
Text = Field("", max_length=200)


class PlaceOut(Schema):
    """A node of the tree; everything below has `lo` between its `lo` and `hi`."""

    id: uuid.UUID
    parent_id: uuid.UUID | None
    kind: str
    site_kind: str
    code: str
    name: str
    name_en: str
    lo: int
    hi: int
    time_zone: str
    address: str
    phone: str
    closed_at: dt.datetime | None


class PlaceIn(Body):
    """A place to open."""

    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=100)
    name_en: str = Field("", max_length=100)
    kind: Literal["company", "unit", "region", "site"]
    site_kind: Literal["", "sales_office", "service_centre"] = ""
    parent_id: uuid.UUID | None = None
    calendar_id: uuid.UUID | None = None
    time_zone: str = Field("Asia/Seoul", max_length=40)
    address: str = Text
    phone: str = Field("", max_length=30)


class PlaceChange(Body):
    """What to change; left out: stays."""

    name: str | None = Field(None, min_length=1, max_length=100)
    name_en: str | None = Field(None, max_length=100)
    parent_id: uuid.UUID | None = None
    address: str | None = Field(None, max_length=200)
    phone: str | None = Field(None, max_length=30)


class ExceptionIn(Body):
    """One day that differs; no hours: closed."""

    on: dt.date
    hours: str = Field("", max_length=200, description="like 10:00-15:00")
    reason: str = Field("", max_length=100)


class MinutesOut(Schema):
    """Working minutes between two instants."""

    minutes: float


class PersonOut(Schema):
    """Somebody who signs in."""

    id: uuid.UUID
    email: str
    name: str
    language: str
    is_active: bool


class PersonIn(Body):
    """Somebody to invite; without a password they ask an administrator for one."""

    email: str = Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)
    name: str = Field(min_length=1, max_length=100)
    language: Literal["ko", "en"] = "ko"


class GrantOut(Schema):
    """A role at a place."""

    id: uuid.UUID
    role: str
    place_id: uuid.UUID
    granted_at: dt.datetime
    revoked_at: dt.datetime | None


class GrantIn(Body):
    """A role to give."""

    role: Role
    place_id: uuid.UUID


def same_values(body: Schema) -> dict[str, Any]:
    """The fields that were sent, without keys of other rows."""
    sent = body.dict(exclude_unset=True)
    return {k: v for k, v in sent.items() if not k.endswith("_id") and v is not None}


@router.get("/places", response=Page[PlaceOut])
def list_places(request: HttpRequest, after: After = "", limit: Limit = 50, code: str = "") -> Any:
    """The places that you may see, in the order of the tree."""
    rows = places_visible_to(may(request, "places.see"))
    return page_of(rows.filter(code=code) if code else rows, "lo", after, limit)


@router.get("/places/{place_id}", response=PlaceOut)
def get_place(request: HttpRequest, place_id: uuid.UUID) -> Any:
    """One place."""
    return one_of(places_visible_to(may(request, "places.see")), place_id, "place")


@router.post("/places", response={201: PlaceOut})
def open_place(request: HttpRequest, body: PlaceIn) -> Any:
    """Add a place to the tree."""
    user = may(request, "places.edit")
    parent = calendar = None
    if body.parent_id:
        parent = one_of(places_visible_to(user, "places.edit"), body.parent_id, "place")
    if body.calendar_id:
        calendar = one_of(Calendar.objects.all(), body.calendar_id, "calendar")
    fields = body.dict(exclude={"parent_id", "calendar_id"})
    return Status(201, actions.open_place(parent=parent, calendar=calendar, by=user, **fields))


@router.patch("/places/{place_id}", response=PlaceOut)
def change_place(request: HttpRequest, place_id: uuid.UUID, body: PlaceChange) -> Any:
    """Change a place; another parent moves it with everything below."""
    user = may(request, "places.edit")
    editable = places_visible_to(user, "places.edit")
    fields = same_values(body)
    if body.parent_id:
        fields["parent"] = one_of(editable, body.parent_id, "place")
    return actions.change_place(one_of(editable, place_id, "place"), by=user, **fields)


@router.delete("/places/{place_id}", response=PlaceOut)
def close_place(request: HttpRequest, place_id: uuid.UUID) -> Any:
    """End a place; its past stays."""
    user = may(request, "places.edit")
    return actions.close_place(
        one_of(places_visible_to(user, "places.edit"), place_id, "place"), by=user
    )


@router.post("/places/{place_id}/reopening", response=PlaceOut)
def reopen_place(request: HttpRequest, place_id: uuid.UUID) -> Any:
    """Let a closed place work again."""
    user = may(request, "places.edit")
    return actions.reopen_place(
        one_of(places_visible_to(user, "places.edit"), place_id, "place"), by=user
    )


@router.put("/places/{place_id}/exceptions", response={204: None})
def set_exception(request: HttpRequest, place_id: uuid.UUID, body: ExceptionIn) -> Any:
    """Give one day other hours."""
    user = may(request, "places.edit")
    place = one_of(places_visible_to(user, "places.edit"), place_id, "place")
    actions.set_exception(place, body.on, read_spans(body.hours), reason=body.reason, by=user)
    return Status(204, None)


@router.get("/places/{place_id}/working-minutes", response=MinutesOut)
def get_working_minutes(
    request: HttpRequest, place_id: uuid.UUID, start: Instant, end: Instant
) -> Any:
    """Working minutes of a place between two instants (at most 200 days apart)."""
    place = one_of(places_visible_to(may(request, "places.see")), place_id, "place")
    if abs((end - start).days) > 200:
        raise ValidationError({"end": "At most 200 days apart."})
    return {"minutes": timetable_of(place, start).minutes_between(start, end)}


@router.get("/people", response=Page[PersonOut])
def list_people(request: HttpRequest, after: After = "", limit: Limit = 50) -> Any:
    """Everybody who signs in or did."""
    may(request, "people.see")
    return page_of(User.objects.all(), "name", after, limit)


@router.post("/people", response={201: PersonOut})
def invite_person(request: HttpRequest, body: PersonIn) -> Any:
    """Give somebody an account; an administrator hands out the first password in the pages."""
    user = may(request, "people.edit")
    if User.objects.filter(email__iexact=body.email).exists():
        raise ValidationError({"email": "Somebody signs in with this address already."})
    secret = get_random_string(24)
    return Status(201, people.invite_person(by=user, password=secret, **body.dict()))


@router.delete("/people/{person_id}", response=PersonOut)
def end_person(request: HttpRequest, person_id: uuid.UUID) -> Any:
    """End an account: roles, sessions and tokens end at once."""
    user = may(request, "people.edit")
    if user.pk == person_id:
        raise ValidationError({"person_id": "You cannot end your own account."})
    return people.end_person(one_of(people_kept_by(user), person_id, "person"), by=user)


@router.get("/people/{person_id}/grants", response=list[GrantOut])
def list_grants(request: HttpRequest, person_id: uuid.UUID) -> Any:
    """Roles now and before."""
    may(request, "people.see")
    return Grant.objects.filter(user=one_of(User.objects.all(), person_id, "person"))


@router.post("/people/{person_id}/grants", response={201: GrantOut})
def grant_role(request: HttpRequest, person_id: uuid.UUID, body: GrantIn) -> Any:
    """Give a role at a place and everything below."""
    user = may(request, "people.edit")
    person = one_of(people_kept_by(user).filter(is_active=True), person_id, "person")
    place = one_of(places_visible_to(user, "people.edit"), body.place_id, "place")
    return Status(201, actions.grant_role(person, body.role, place, by=user))


@router.delete("/grants/{grant_id}", response=GrantOut)
def revoke_role(request: HttpRequest, grant_id: uuid.UUID) -> Any:
    """Take a role back; one's own administrator role is another's to take."""
    user = may(request, "people.edit")
    grant = one_of(scoped(Grant.objects.all(), user, "people.edit"), grant_id, "grant")
    if grant.user_id == user.pk and grant.role == Role.ADMINISTRATOR:
        raise ValidationError({"grant_id": "Another administrator has to take this role."})
    actions.revoke_role(grant, by=user)
    return grant
