"""The figures of a place by program."""

from __future__ import annotations

import uuid

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Schema

from dangol.board.queries import boards_visible_to
from dangol.board.standing import standing_for_pages
from dangol.core.api import may, one_of

router = Router(tags=["board"])


class Mean(Schema):
    """A mean of 0–100 with its 95% interval."""

    n: int
    mean: float | None
    low: float | None
    high: float | None


class Figures(Schema):
    """The index of one process: today, thirty days, the fair value and its ranks."""

    today: Mean
    month: Mean
    shrunken: float | None
    rank: int | None
    of: int
    group_rank: int | None
    group_of: int


class PlaceIndexOut(Schema):
    """The index of a place and everything below it."""

    place_id: uuid.UUID
    code: str
    name: str
    processes: dict[str, Figures]


@router.get("/places/{place_id}/index", response=PlaceIndexOut)
def get_place_index(request: HttpRequest, place_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """The figures of a place's board, at most a few seconds old."""
    place = one_of(boards_visible_to(may(request, "board.see")), place_id, "place")
    state = standing_for_pages(timezone.now(), place).state(place.pk) or {}
    return {"place_id": place.pk, "code": place.code, "name": place.name, "processes": state}
