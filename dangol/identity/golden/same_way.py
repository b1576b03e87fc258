"""Whether a contact point is about what a value says: asked in one way by whatever compares the two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from dangol.customers.homes import home_of
from dangol.customers.models import ContactPoint, EndedFor
from dangol.customers.records.models import BY_HAND
from dangol.identity.golden.survivorship import LONG_AGO


def answers(point: ContactPoint, way: str, value: str) -> bool:
    """Whether a contact point is about this value; who was heard to live in a part of a home, or to
    have moved out of one, lives in it or moved out of it."""
    if point.kind != way:
        return False
    heard = point.state in ("verified", "moved")
    return covers(way, point.value, value) or (heard and covers(way, value, point.value))


def covers(way: str, value: str, other: str) -> bool:
    """Whether who says the one says all of the other: of a home that may be less of the same."""
    if way != "address" or value == other:
        return value == other
    return home_of(value).covers(home_of(other))


def same_way(one: ContactPoint, other: ContactPoint) -> bool:
    """Whether two contact points are about the same."""
    return answers(one, other.kind, other.value) or answers(other, one.kind, one.value)


def refused(point: ContactPoint) -> bool:
    """Whether a person put an end to it or found it to be of no use: no record outweighs that."""
    by_person = point.ended_at is not None and not point.ended_for
    return by_person or point.state in ("wrong", "moved")


def firmest(points: Iterable[ContactPoint]) -> list[ContactPoint]:
    """Contact points that may be about the same, the one that speaks for it first; what only stood
    there twice comes last."""
    return sorted(points, key=_firmness, reverse=True)


def _firmness(point: ContactPoint) -> tuple[bool, bool, bool, bool, int, bool, dt.datetime, float]:
    """Which of several spellings stays: in use, checked, written by people, said most exactly, used
    first, ended last, the oldest."""
    return (
        point.ended_for != EndedFor.DOUBLE,
        point.ended_at is None,
        point.checked_at is not None,
        point.source in BY_HAND,
        len(home_of(point.value).unit.lstrip("=")) if point.kind == "address" else 0,
        point.preferred,
        point.ended_at or LONG_AGO,
        -point.created_at.timestamp(),
    )
