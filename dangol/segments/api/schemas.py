"""What the API of segments takes and tells."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from ninja import Schema
from pydantic import Field

from dangol.core.api import Body


class SegmentOut(Schema):
    """A segment as last counted."""

    id: uuid.UUID
    name: str
    name_en: str
    description: str
    place_id: uuid.UUID
    size: int | None
    counted_at: dt.datetime | None
    counted_on: dt.date | None
    lake_version: int | None
    failure: str
    ended_at: dt.datetime | None


class SegmentWithRule(SegmentOut):
    """A segment with its rule."""

    version: int
    rule: dict[str, Any]
    sentence: str


class SegmentIn(Body):
    """A segment to make."""

    name: str = Field(min_length=1, max_length=100)
    name_en: str = Field("", max_length=100)
    description: str = Field("", max_length=2000)
    place_id: uuid.UUID
    rule: dict[str, Any]


class SegmentChange(Body):
    """What to change; left out: stays. Another rule becomes the next version."""

    name: str | None = Field(None, min_length=1, max_length=100)
    name_en: str | None = Field(None, max_length=100)
    description: str | None = Field(None, max_length=2000)
    rule: dict[str, Any] | None = None


class SegmentRuleIn(Body):
    """A rule to try."""

    rule: dict[str, Any]
    place_id: uuid.UUID | None = Field(
        None, description="Only customers whose home site lies there; left out: where you may see."
    )


class CountOut(Schema):
    """What a rule says and how many it finds, of how many customers of the place."""

    sentence: str
    count: int
    of: int


class LiftOut(Schema):
    """One value: percent of those found, percent of everybody, how sure the difference is."""

    dimension: str
    value: str
    inside: float
    everybody: float
    lift: float
    standard_errors: float


class SegmentVersionOut(Schema):
    """A rule as it was from one moment on."""

    number: int
    created_at: dt.datetime
    rule: dict[str, Any]


class SizeOut(Schema):
    """One day."""

    day: dt.date
    size: int
    entered: int
    left: int


class MemberOut(Schema):
    """A member."""

    id: uuid.UUID


class ChangeOut(Schema):
    """Somebody came or left."""

    position: int
    customer_id: uuid.UUID
    entered: bool
    day: dt.date
    at: dt.datetime


class SubscriptionIn(Body):
    """Who follows."""

    name: str = Field(pattern=r"^[\w.:-]{1,60}$")


class PositionIn(Body):
    """How far a subscriber has come."""

    position: int = Field(ge=0, lt=2**63)


class SubscriptionOut(Schema):
    """A subscriber and how far it has come."""

    name: str
    position: int


class RefreshOut(Schema):
    """A count under way."""

    id: uuid.UUID
    created_at: dt.datetime
    finished_at: dt.datetime | None
    done: int
    total: int
    failure: str


class ListOut(Schema):
    """An uploaded list: how many it names, and its first refused lines: [number, text, why]."""

    id: uuid.UUID
    name: str
    place_id: uuid.UUID
    created_at: dt.datetime
    read: int
    taken: int
    refused: int
    refusals: list[list[int | str]]


class ListIn(Body):
    """What the file is."""

    name: str = Field(min_length=1, max_length=100)
    place_id: uuid.UUID
