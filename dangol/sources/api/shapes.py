"""What goes in and out of the API of sources."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from dangol.core.api import Body
from dangol.sources.models import Connection, Entity, Run
from dangol.sources.running.giving_up import failure_text

Rank = Annotated[int, Field(strict=True, ge=0, le=100)]


class MappedIn(Body):
    """How one of our columns is read."""

    from_: list[str] = Field(
        [], alias="from", max_length=6, description="headings; several are joined"
    )
    value: str = Field("", max_length=200, description="where the cells are empty")
    do: list[list[str]] = Field([], max_length=8, description="[[transformation, option]]")


class ScheduleIn(Body):
    """When and how a source is read."""

    schedule: str = Field("", max_length=60, description="a cron line; empty: by hand")
    full: bool = True
    watermark_column: str = Field("", max_length=120)


class SourceIn(Body):
    """A source with all that a run needs."""

    code: str = Field(max_length=40)
    name: str = Field(max_length=80)
    system: str = Field("", max_length=40)
    entity: Entity
    connection: Connection
    reach: dict[str, str | int | bool] = Field(
        {}, description="host, port, database, user; folder; url, paths …"
    )
    hidden: str = Field(
        "", max_length=2000, description="password, token or address; never shown again"
    )
    place: str = Field(max_length=200, description="table, file (or pattern) or path")
    mapping: dict[str, MappedIn]
    trust: dict[str, Rank] = {}
    schedule: ScheduleIn = ScheduleIn()


class SourceChange(Body):
    """What is said anew; what is not there stays."""

    reach: dict[str, str | int | bool] | None = None
    hidden: str | None = Field(None, max_length=2000)
    place: str | None = Field(None, max_length=200)
    mapping: dict[str, MappedIn] | None = None
    trust: dict[str, Rank] | None = None
    schedule: ScheduleIn | None = None


class SourceOut(Schema):
    """A source; what is hidden stays hidden."""

    id: uuid.UUID
    code: str
    name: str
    system: str
    entity: str
    connection: str
    reach: dict[str, Any]
    place: str
    columns: list[str]
    mapping: dict[str, Any]
    trust: dict[str, int]
    full: bool
    watermark_column: str
    schedule: str
    next_at: dt.datetime | None
    paused_at: dt.datetime | None


class RunOut(Schema):
    """Where a run stands, and what it did."""

    id: uuid.UUID
    source_id: uuid.UUID
    state: str
    full: bool
    created_at: dt.datetime
    ended_at: dt.datetime | None
    rows: int
    position: int
    new: int
    changed: int
    same: int
    gone: int
    refused: int
    asked: dict[str, Any]
    strange: dict[str, int]
    resident_numbers: dict[str, int]
    failure: str

    @staticmethod
    def resolve_strange(run: Run) -> dict[str, int]:
        """How often each strange thing came, without samples."""
        return {what: entry["count"] for what, entry in run.strange.items()}

    @staticmethod
    def resolve_resident_numbers(run: Run) -> dict[str, int]:
        """The headings under which such numbers stood, and in how many cells."""
        columns = run.strange.get("registration_number", {}).get("columns", {})
        return {name: count for name, (count, _line) in columns.items()}

    @staticmethod
    def resolve_failure(run: Run) -> str:
        """In the language of the asking person."""
        return failure_text(run) if run.failure else ""


class RefusedRecordOut(Schema):
    """A row that was not taken."""

    line: int = Field(description="which row of the run, in the order of reading")
    file: str = Field(description="the file that it stands in; empty where there is none")
    file_line: int | None = Field(
        description="where it begins in the file, from 1, headings counted; a sheet's row"
    )
    column: str
    reason: str
    cells: list[str]


class RunIn(Body):
    """How it is read this time."""

    full: bool | None = Field(
        None, description="everything, or only what is newer; empty: as usual"
    )
