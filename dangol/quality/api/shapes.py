"""What programs send and get."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from ninja import Schema
from pydantic import Field

from dangol.core.api import Body
from dangol.core.masking import shown_contact
from dangol.identity.golden.refusing import shown_cell, why_words
from dangol.quality.models import CorrectionTask, Faults, Risk

Kind = Literal["phone", "email", "address"]
FieldName = Literal["name", "phone", "email", "address", "born_on", "gender"]
Fault = Literal["missing", "invalid", "shared", "stale", "differs"]


class QualityRateOut(Schema):
    """Contact points found wrong of those tried, with exact 95% bounds (Clopper and Pearson)."""

    key: str
    wrong: int
    checked: int
    share: float | None
    low: float
    high: float


class QualityCostOut(Schema):
    """What correcting costs."""

    tried: int
    wrong: int
    corrected: int
    seconds: float
    measured: bool
    minute_cost: float
    currency: str
    whole: float
    for_one_corrected: float | None


class QualitySummaryOut(Schema):
    """The page of data quality in figures."""

    limit: float
    points: int
    known_wrong: int
    expected_wrong: float
    expected_share: float | None
    tried: QualityRateOut
    cost: QualityCostOut


class DecayOut(Schema):
    """How contact points go wrong: logarithms of rates a year with standard errors, and the test."""

    created_at: dt.datetime
    checks: int
    wrong: int
    first_day: dt.date | None
    last_day: dt.date | None
    parameters: dict[str, dict[str, list[float]]]
    report: dict[str, Any]


class RiskOut(Schema):
    """A contact point with the chance that it is wrong now."""

    contact_point_id: uuid.UUID
    customer_id: uuid.UUID
    kind: str
    value: str
    chance: float
    right_at: dt.datetime | None
    place_id: uuid.UUID | None

    @staticmethod
    def resolve_customer_id(risk: Risk) -> uuid.UUID:
        """Whose it is."""
        return risk.contact_point.customer_id

    @staticmethod
    def resolve_value(risk: Risk) -> str:
        """As the asking person may see it."""
        return shown_contact(risk.kind, risk.contact_point.value)


class MeasureOut(Schema):
    """One field of one source as of the last night; counts, so that shares can be made of them."""

    source: str
    field: str
    records: int
    filled: int
    valid: int
    shared: int
    fresh: int
    compared: int
    agreeing: int
    complete: float | None
    valid_share: float | None
    unique: float | None
    fresh_share: float | None
    consistent: float | None


class RefusedCellOut(Schema):
    """A cell of a record that reading refused, and why."""

    field: str
    value: str
    why: str


class FaultyRecordOut(Schema):
    """A source record with faults, and its refused cells."""

    record_id: int
    source: str
    key: str
    customer_id: uuid.UUID | None
    place_id: uuid.UUID | None
    faults: list[str]
    refused: list[RefusedCellOut]

    @staticmethod
    def resolve_key(row: Faults) -> str:
        """The source's own key."""
        return row.record.key

    @staticmethod
    def resolve_customer_id(row: Faults) -> uuid.UUID | None:
        """Whom the record speaks of."""
        return row.record.customer_id

    @staticmethod
    def resolve_faults(row: Faults) -> list[str]:
        """As field:fault."""
        return [f"{field}:{fault}" for field, fault in row.named]

    @staticmethod
    def resolve_refused(row: Faults) -> list[dict[str, str]]:
        """As the reader may see them."""
        return [
            {"field": field, "value": shown_cell(field, cell), "why": why_words(why)}
            for field, why, cell in row.refused
        ]


class CorrectionTaskOut(Schema):
    """A site's task to ask whether a contact point still holds."""

    id: uuid.UUID
    contact_point_id: uuid.UUID
    customer_id: uuid.UUID
    place_id: uuid.UUID
    kind: str
    value: str
    chance: float
    """What made it a task."""
    chance_now: float
    """As it was counted last; of a closed task what made it one."""
    created_at: dt.datetime
    asked_by_id: uuid.UUID | None
    """Who asked for it; null: a night made it."""
    due_at: dt.datetime | None
    assigned_to_id: uuid.UUID | None
    closed_at: dt.datetime | None
    outcome: str

    @staticmethod
    def resolve_customer_id(task: CorrectionTask) -> uuid.UUID:
        """Whose it is."""
        return task.contact_point.customer_id

    @staticmethod
    def resolve_kind(task: CorrectionTask) -> str:
        """Phone, e-mail or address."""
        return task.contact_point.kind

    @staticmethod
    def resolve_value(task: CorrectionTask) -> str:
        """As the asking person may see it."""
        return shown_contact(task.contact_point.kind, task.contact_point.value)


class TaskClosureIn(Body):
    """What the customer said."""

    outcome: Literal["verified", "wrong", "moved", "unreached"]
    new_value: str = Field("", max_length=254)
    note: str = Field("", max_length=300)


class PolicyOut(Schema):
    """What the company sets."""

    verify_seconds: int
    minute_cost: float
    currency: str
    fresh_days: int
    ask_from: float
    ask_most: int
    task_from: float
    tasks_a_day: int
    task_minutes: int


class PolicyChange(Body):
    """What to set; left out: stays."""

    verify_seconds: int | None = Field(None, ge=1, le=3600)
    minute_cost: float | None = Field(None, ge=0, le=10_000_000)
    currency: str | None = Field(None, pattern="^[A-Z]{3}$")
    fresh_days: int | None = Field(None, ge=7, le=3650)
    ask_from: float | None = Field(None, ge=0, le=1)
    ask_most: int | None = Field(None, ge=0, le=10)
    task_from: float | None = Field(None, ge=0, le=1)
    tasks_a_day: int | None = Field(None, ge=0, le=500)
    task_minutes: int | None = Field(None, ge=10, le=100_000)
