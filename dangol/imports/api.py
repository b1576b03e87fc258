"""Files in by program."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from dangol.core.api import After, Body, Limit, Page, may, one_of, page_of
from dangol.imports import actions
from dangol.imports.models import Import
from dangol.imports.queries import imports_visible_to, reason_text, refused_rows

router = Router(tags=["imports"])


class ImportOut(Schema):
    """Where an import stands."""

    id: uuid.UUID
    kind: str
    source: str
    file_name: str
    state: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
    rows: int
    position: int
    new: int
    changed: int
    same: int
    refused: int
    mapping: dict[str, Any]
    plan: dict[str, Any]
    failure: str


class ImportIn(Body):
    """What comes with the file."""

    kind: str = Field(max_length=40)
    source: str = Field(max_length=40)
    mapping: str = Field(
        "",
        description='JSON {column: heading or {"value": text}}; empty: guessed. A customer\'s own '
        'attribute is the column "attribute:key"; a key that nobody knows becomes a new attribute.',
    )
    attributes: bool = Field(False, description="make own attributes of all columns left over")
    dry: bool = Field(False, description="only look ahead; POST …/load loads then")


class RefusedOut(Schema):
    """A row that was not taken."""

    line: int
    reason: str
    cells: list[str]


def mine(request: HttpRequest, key: uuid.UUID) -> Import:
    """An import, for somebody who may run them."""
    return one_of(imports_visible_to(may(request, "imports.run")), key, "import")


@router.get("/imports", response=Page[ImportOut])
def list_imports(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Imports, the latest first."""
    rows = imports_visible_to(may(request, "imports.run"))
    return page_of(rows, "-created_at", after, limit)


@router.post("/imports", response={202: ImportOut})
def upload_import(request: HttpRequest, body: Form[ImportIn], file: File[UploadedFile]):  # type: ignore[no-untyped-def]
    """Upload a file and load it (or look ahead) in the background; what is refused leaves nothing."""
    user = may(request, "imports.run")
    taken = actions.take_import(
        kind=body.kind, source=body.source, file=file, by=user, dry=body.dry,
        mapping=mapping_of(body.mapping) if body.mapping else {}, everything=body.attributes,
    )  # fmt: skip
    return Status(202, taken)


ALLOWED = ({"value"}, {"heading", "new"})


def mapping_of(text: str) -> dict[str, Any]:
    """A mapping from its JSON; 422 when it is none."""
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    fits = isinstance(found, dict) and all(
        isinstance(v, str) or (isinstance(v, dict) and set(v) in ALLOWED) for v in found.values()
    )
    if not fits:
        raise ValidationError({"mapping": _("The mapping is JSON: {column: heading}.")})
    return dict(found)


@router.get("/imports/{import_id}", response=ImportOut)
def get_import(request: HttpRequest, import_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Where an import stands."""
    return mine(request, import_id)


@router.post("/imports/{import_id}/load", response={202: ImportOut})
def load_import(request: HttpRequest, import_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Load after a dry run, or go on after a stop."""
    run = mine(request, import_id)
    return Status(202, actions.start_import(run, by=may(request, "imports.run")))


@router.post("/imports/{import_id}/cancellation", response=ImportOut)
def cancel_import(request: HttpRequest, import_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Stop after the batch under way."""
    run = mine(request, import_id)
    return actions.cancel_import(run, by=may(request, "imports.run"))


@router.get("/imports/{import_id}/refused", response=Page[RefusedOut])
def list_refused_rows(
    request: HttpRequest, import_id: uuid.UUID, after: After = "", limit: Limit = 50
):  # type: ignore[no-untyped-def]
    """The refused rows with line and reason."""
    run = mine(request, import_id)
    page = page_of(refused_rows(run), "line", after, limit)
    page["items"] = [
        {
            "line": row.line, "cells": row.cells,
            "reason": reason_text(run, row.column, row.reason, row.facts),
        }
        for row in page["items"]
    ]  # fmt: skip
    return page
