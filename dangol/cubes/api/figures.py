"""Figures by program: the same subjects, names, errors and scope as the explorer."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import Field

from dangol.core.api import Problem, may, no_such
from dangol.cubes.api.questions import QuestionIn
from dangol.cubes.api.router import router
from dangol.cubes.asking.answer import answer
from dangol.cubes.asking.expression import Scope
from dangol.cubes.asking.query import Refused, query_of
from dangol.cubes.asking.results import Answer, Figure, Key
from dangol.cubes.subjects.catalogue import SUBJECTS, Subject
from dangol.cubes.subjects.definitions import defined
from dangol.warehouse.engine import lake
from dangol.warehouse.manifest import Damaged, NoLake

MOST_ROWS = 1000


class CubeMeasureOut(Schema):
    """A figure with its definition."""

    name: str
    label: str
    meaning: str
    formula: str
    unit: str
    grain: str
    additivity: str
    source: str
    digits: int
    better: str
    money: bool
    dimensions: list[str]


class CubeDimensionOut(Schema):
    """What figures can be broken down by."""

    name: str
    label: str
    meaning: str
    kind: str
    below: str


class CubeSubjectOut(Schema):
    """Something that can be looked into."""

    name: str
    label: str
    meaning: str
    grain: str
    measures: list[CubeMeasureOut]
    dimensions: list[CubeDimensionOut]


class CubeQueryIn(QuestionIn):
    """A question, and which page of its rows."""

    after: Annotated[str, Field(max_length=20)] = ""
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = 200


class CubeMemberOut(Schema):
    """A member of a dimension."""

    key: str
    label: str


class CubeFigureOut(Schema):
    """What a cell says of a measure."""

    value: float | None
    low: float | None = None
    high: float | None = None
    currency: str = ""
    before: float | None = None
    share: float | None = None
    rank: int | None = None
    running: float | None = None
    n: int | None = None
    """How many facts a mean or a share rests on."""


class CubeRowOut(Schema):
    """A row: its members, its figures by column, and their total."""

    members: list[CubeMemberOut]
    cells: list[dict[str, CubeFigureOut]]
    total: dict[str, CubeFigureOut]


class CubeAnswerOut(Schema):
    """Figures of one version of the lake."""

    version: int
    as_of: dt.datetime
    first: dt.date | None
    last: dt.date | None
    rows: list[str]
    columns: list[list[CubeMemberOut]]
    items: list[CubeRowOut]
    total: CubeRowOut
    next: str
    milliseconds: float


def told(subject: Subject) -> dict[str, Any]:
    """A subject with its measures and dimensions."""
    return {
        "name": subject.name, "label": str(subject.label), "meaning": str(subject.meaning),
        "grain": str(subject.grain),
        "measures": [defined(subject, m) for m in subject.measures],
        "dimensions": [
            {
                "name": d.name, "label": str(d.label), "meaning": str(d.meaning),
                "kind": d.kind.value, "below": d.below,
            }
            for d in subject.dimensions
        ],
    }  # fmt: skip


@router.get("/cubes/subjects", response=list[CubeSubjectOut])
def list_cube_subjects(request: HttpRequest):  # type: ignore[no-untyped-def]
    """Everything that can be looked into, with each figure's definition."""
    may(request, "cubes.see")
    return [told(subject) for subject in SUBJECTS.values()]


@router.get("/cubes/subjects/{name}", response=CubeSubjectOut)
def get_cube_subject(request: HttpRequest, name: str):  # type: ignore[no-untyped-def]
    """One subject."""
    may(request, "cubes.see")
    if name not in SUBJECTS:
        raise no_such("subject")
    return told(SUBJECTS[name])


@router.post("/cubes/query", response=CubeAnswerOut)
def query_cube(request: HttpRequest, body: CubeQueryIn):  # type: ignore[no-untyped-def]
    """Figures by rows and columns within the person's scope; wrong names are told by field."""
    user = may(request, "cubes.see")
    begin = int(body.after) if body.after.isascii() and body.after.isdigit() else 0
    try:
        query = query_of(body.given())
        made = answer(query, Scope.of(user), lake())
    except Refused as refused:
        errors = [{"field": f, "message": m} for f, m in refused.errors.items()]
        raise Problem(
            422, _("Not accepted"), _("The question was not asked."), errors=errors
        ) from None
    except (NoLake, Damaged):
        raise Problem(
            409, _("No figures yet"), _("Nothing was copied into the lake yet.")
        ) from None
    return page_of_answer(made, begin, body.limit)


def page_of_answer(made: Answer, begin: int, limit: int) -> dict[str, Any]:
    """One page of rows; the order is fixed by the version and the question."""
    rows = made.rows[begin : begin + limit]
    following = begin + limit
    return {
        "version": made.version, "as_of": made.as_of, "first": made.days[0], "last": made.days[1],
        "rows": [d.name for d in made.query.rows],
        "columns": [made.column_members(c) for c in made.columns if c],
        "items": [row_out(made, row) for row in rows], "total": row_out(made, ()),
        "next": str(following) if following < len(made.rows) else "",
        "milliseconds": round(made.milliseconds, 1),
    }  # fmt: skip


def row_out(made: Answer, row: Key) -> dict[str, Any]:
    """A row as the description says."""
    columns = [c for c in made.columns if c]
    return {
        "members": made.row_members(row), "total": figures_out(made.cells.get((row, ()), {})),
        "cells": [figures_out(made.cells.get((row, column), {})) for column in columns],
    }  # fmt: skip


def between(figure: Figure) -> dict[str, float | None]:
    """The interval of a figure, where it has one."""
    low, high = figure.interval or (None, None)
    return {"low": low, "high": high}


def figures_out(cell: dict[str, Figure]) -> dict[str, dict[str, Any]]:
    """Figures by name."""
    return {
        name: {
            "value": f.value, **between(f),
            "currency": f.currency.strip("*"), "before": f.before, "share": f.share, "rank": f.rank,
            "running": f.running, "n": f.n,
        }
        for name, f in cell.items()
    }  # fmt: skip
