"""What the matching tells programs, and is told by them."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from dangol.core.api import Body
from dangol.core.masking import shown_name
from dangol.identity.audits.figures import Audited
from dangol.identity.merging.history import done_by
from dangol.identity.merging.preview import given_back_by, moved_by
from dangol.identity.models import Merge, Question, SecondLook
from dangol.identity.stewarding.answering import blind, contradicted
from dangol.identity.stewarding.pair import lines_of, siblings_of


class PairOut(Schema):
    """Two records that look alike; weight and answer are hidden while a look is to be blind."""

    id: uuid.UUID
    a_id: int
    b_id: int
    customers: list[uuid.UUID | None]
    why: str
    weight: float | None
    steps: list[Any]
    answer: str
    to_correct: bool
    created_at: dt.datetime

    @staticmethod
    def resolve_to_correct(question: Question) -> bool:
        """Whether a sample was answered otherwise than it stands; unsaid while a second look waits."""
        return contradicted(question) and question.second != SecondLook.WANTED

    @staticmethod
    def resolve_customers(question: Question) -> list[uuid.UUID | None]:
        """Whose the records are now; nobody's for a blind look."""
        if blind(question):
            return []
        return [question.a.customer_id, question.b.customer_id]

    @staticmethod
    def resolve_weight(question: Question) -> float | None:
        """In bits."""
        return None if blind(question) else question.weight

    @staticmethod
    def resolve_steps(question: Question) -> list[Any]:
        """[comparison, level, bits] of each bar of the waterfall."""
        return [] if blind(question) else question.steps

    @staticmethod
    def resolve_answer(question: Question) -> str:
        """What was decided."""
        return "" if blind(question) else question.settled


class FieldOut(Schema):
    """One field of both records, as the asking person may see it."""

    field: str
    left: str
    right: str
    same: bool
    differs_elsewhere: bool
    """Whether other records of the two customers contradict each other, where these two do not."""


class PairWhole(PairOut):
    """A pair with its fields."""

    fields: list[FieldOut]

    @staticmethod
    def resolve_fields(question: Question) -> list[dict[str, Any]]:
        """Side by side."""
        siblings, steps = ({}, []) if blind(question) else (siblings_of(question), question.steps)
        return [
            {
                "field": one.field, "left": "".join(p.text for p in one.found.left),
                "right": "".join(p.text for p in one.found.right), "same": one.found.same,
                "differs_elsewhere": one.elsewhere,
            }
            for one in lines_of(question.a, question.b, siblings, steps=steps)
        ]  # fmt: skip


class AnswerIn(Body):
    """What a steward says of a pair."""

    answer: Literal["same", "household", "apart", "unsure"]
    note: str = Field("", max_length=300)


class MergeIn(Body):
    """Two customers who are one."""

    survivor: uuid.UUID
    other: uuid.UUID


class MergeOut(Schema):
    """Two customers that became one."""

    id: uuid.UUID
    survivor_id: uuid.UUID | None
    survivor_key: uuid.UUID
    merged_key: uuid.UUID
    name: str
    created_at: dt.datetime
    undone_at: dt.datetime | None

    @staticmethod
    def resolve_name(merge: Merge) -> str:
        """As the asking person may see it."""
        return shown_name(merge.name)


class MergeWhole(MergeOut):
    """A merge with what moved when it was done, and what undoing it would give back now."""

    survivor_name: str
    moved: list[str]
    gives_back: list[str]

    @staticmethod
    def resolve_survivor_name(merge: Merge) -> str:
        """What the customer who stayed was called."""
        return shown_name(done_by(merge).name)

    @staticmethod
    def resolve_gives_back(merge: Merge) -> list[str]:
        """The same phrases; nothing once it was undone."""
        return [] if merge.undone_at else given_back_by(merge)

    @staticmethod
    def resolve_moved(merge: Merge) -> list[str]:
        """Short phrases, what matters most first."""
        return moved_by(merge)


class SplitIn(Body):
    """Records that are somebody else's."""

    records: list[int] = Field(min_length=1, max_length=500)


class SplitOut(Schema):
    """Records that became a customer of their own."""

    id: uuid.UUID
    customer_key: uuid.UUID
    new_key: uuid.UUID
    records: list[int]
    created_at: dt.datetime
    undone_at: dt.datetime | None


class MovesOut(Schema):
    """What would move, in words."""

    moves: list[str]


class WordOut(Schema):
    """A value that a customer will have, and where it comes from."""

    value: str
    source: str
    since: dt.datetime | None
    verified: bool
    note: str


class HalvesOut(Schema):
    """One field: what who stays and who is split off will say; nothing is “not known”."""

    field: str
    title: str
    stays: list[WordOut]
    goes: list[WordOut]


class SplitPreviewOut(MovesOut):
    """What would go along, and what both customers would say."""

    fields: list[HalvesOut]


class MatchingRunOut(Schema):
    """One run of the matching."""

    id: uuid.UUID
    kind: str
    created_at: dt.datetime
    begun_at: dt.datetime | None
    ended_at: dt.datetime | None
    step: str
    done: int
    total: int
    counts: dict[str, int | float]
    failure: str


class MatchingModelOut(Schema):
    """A version of the parameters."""

    version: int
    kind: str
    join_from: float
    review_from: float
    records: int
    labels: int
    created_at: dt.datetime
    parameters: dict[str, Any]


class LoserOut(Schema):
    """A value that did not survive, and why; of a refused one, why it cannot be."""

    value: str
    source: str
    since: dt.datetime | None
    record_id: int
    record_key: str
    why: str


class GoldenOut(Schema):
    """A value that survived, those that did not, and those that were refused; empty where none can be."""

    field: str
    value: str
    source: str
    since: dt.datetime | None
    record_id: int | None
    verified: bool
    agreeing: int
    losers: list[LoserOut]
    refused: list[LoserOut]


class ShareOut(Schema):
    """A share between 0 and 1 with its 95% interval and the effective number of answers."""

    value: float
    low: float
    high: float
    n: float


class AuditSampleOut(Schema):
    """One week's sample of automatic decisions, and what stewards said of it."""

    id: uuid.UUID
    drawn_on: dt.date
    drawn: int
    answered: int
    precision: ShareOut | None
    recall: ShareOut | None
    strata: list[dict[str, Any]]

    @staticmethod
    def resolve_id(row: Audited) -> uuid.UUID:
        """The sample's key."""
        return row.audit.pk

    @staticmethod
    def resolve_drawn_on(row: Audited) -> dt.date:
        """The Monday of its week."""
        return row.audit.drawn_on
