"""What every app's api.py uses: who may, one page of rows, and refusals as problems.

A router's functions call actions and queries; nothing of the business is written in them:

    router = Router(tags=["cases"])

    @router.get("/cases", response=Page[CaseOut])
    def list_cases(request, after: str = "", limit: Limit = 50):
        may(request, "cases.see")
        return page_of(cases_visible_to(request.user), "-opened_at", after, limit)
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field

from dangol.core.keyset import BadCursor, Keyset
from dangol.core.models import User

Limit = Annotated[int, Field(ge=1, le=200, description="rows of one page")]
After = Annotated[str, Field(max_length=2000, description="`next` of the page before")]


def in_utc(moment: dt.datetime) -> dt.datetime:
    """An instant without a zone, or out of any calendar's reach, is refused."""
    if moment.tzinfo is None:
        raise ValueError("an instant carries its time zone, as in 2026-03-09T10:00:00+09:00")
    if not 1900 <= moment.year <= 2200:
        raise ValueError("the year lies between 1900 and 2200")
    return moment.astimezone(dt.UTC)


Instant = Annotated[dt.datetime, AfterValidator(in_utc)]
"""A moment that comes in; kept in UTC."""


class Body(Schema):
    """What a program sends: one JSON object, in which a field that nobody reads is refused.

    A slip of the pen would otherwise be taken for nothing, and a list for an empty object.
    """

    model_config = ConfigDict(extra="forbid")


class Page[T](Schema):
    """One page of rows; `next` is empty on the last."""

    items: list[T]
    next: str = ""


class Problem(Exception):
    """A refusal with its status, told as RFC 9457 problem details."""

    def __init__(self, status: int, title: str, detail: str = "", **more: Any) -> None:
        self.status, self.title, self.detail, self.more = status, title, detail, more
        super().__init__(title)


def no_such(what: str) -> Problem:
    """A row that is not there, or not to be seen; `what` is its kind as the API calls it."""
    told = _("There is no such thing, or you may not see it: %(what)s.") % {"what": what}
    return Problem(404, _("Not found"), told)


def person(request: HttpRequest) -> User:
    """Who is asking; the routers' common gate has made sure that somebody is."""
    assert isinstance(request.user, User)
    return request.user


def may(request: HttpRequest, ability: str) -> User:
    """The person asking, who must hold the ability; 403 otherwise."""
    user = person(request)
    if not user.can(ability):
        raise PermissionDenied(ability)
    return user


def page_of(rows: QuerySet[Any], order: str, after: str, limit: int) -> dict[str, Any]:
    """One page of a query in an order, found by position and not by counting."""
    keyset = Keyset.of(order)
    sorted_rows = keyset.sort(rows)
    if after:
        try:
            sorted_rows = keyset.after(sorted_rows, after)
        except BadCursor:
            why = _("`after` is not a `next` of this list.")
            raise Problem(400, _("Unknown position"), why) from None
    found: list[Model] = list(sorted_rows[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return {"items": found, "next": keyset.cursor(found[-1]) if more else ""}


def one_of[M: Model](rows: QuerySet[M], key: Any, what: str) -> M:
    """The row of this key within what the person may see; 404 otherwise."""
    found = rows.filter(pk=key).first()
    if found is None:
        raise no_such(what)
    return found
