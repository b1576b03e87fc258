"""The figures of a place through the API."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Schema

from dangol.board.queries import boards_visible_to
from dangol.board.standing import standing_for_pages
from dangol.core.access import needs

router = Router(tags=["board"])


class Mean(Schema):
    """A mean of 0–100 with its 95 % interval."""

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


class BoardOut(Schema):
    """The board of a place."""

    place: str
    name: str
    processes: dict[str, Figures]


@router.get("/places/{code}/index", response=BoardOut, operation_id="get_index")
@needs("board.see")
def get_index(request: HttpRequest, code: str) -> Any:
    """The index of a place, by its code."""
    place = get_object_or_404(boards_visible_to(request.user), code=code)  # type: ignore[arg-type]
    return board_of(place.pk, place.code, place.name)


def board_of(pk: uuid.UUID, code: str, name: str) -> dict[str, Any]:
    """A place's figures as the board shows them."""
    state = standing_for_pages(timezone.now()).state(pk) or {}
    return {"place": code, "name": name, "processes": state}
