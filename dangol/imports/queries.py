"""Reads over imports."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dangol.core.models import User
from dangol.imports.kinds import KINDS, Kind, heading_of
from dangol.imports.models import Import, RefusedRow


def imports_visible_to(user: User) -> QuerySet[Import]:
    """Every import, for those who may run them; one of a whole company has no place of its own."""
    rows = Import.objects.select_related("by")
    return rows if user.can("imports.run") else rows.none()


def column_label(run: Import, name: str) -> str:
    """What a column is called: by the kind, and by the file where it is mapped."""
    kind = KINDS.get(run.kind)
    if not name or kind is None:
        return ""
    label = labels_of(run, kind)[name]
    heading = heading_of(run.mapping.get(name))
    return f"{label} ({heading})" if heading and heading != label else label


def labels_of(run: Import, kind: Kind) -> dict[str, str]:
    """What the columns are called, own ones too; asked once for all rows of an import."""
    language = get_language()
    known: dict[str | None, dict[str, str]] = run.__dict__.setdefault("labels", {})
    if language not in known:
        known[language] = {c.name: str(c.label) for c in kind.under(run.mapping).columns}
    return known[language]


def reason_text(run: Import, column: str, reason: str, facts: dict[str, Any]) -> str:
    """Why a row was refused, in the language of whoever reads."""
    said = _(reason) % facts if facts else _(reason).replace("%%", "%")
    label = column_label(run, column)
    return f"{label}: {said}" if label else said


def refused_rows(run: Import) -> QuerySet[RefusedRow]:
    """The refused rows in the order of the file."""
    return RefusedRow.objects.filter(run=run).order_by("line", "pk")


def progress(run: Import, now: dt.datetime | None = None) -> dict[str, Any]:
    """How far the present run is, how fast, and how long it will take yet."""
    now = now or timezone.now()
    dry = run.started_at is None
    done = run.looked_at if dry else run.position
    seconds = (now - run.running_from).total_seconds() if run.running_from else 0.0
    rate = (done - run.running_from_position) / seconds if seconds > 0.5 else None
    left = (run.rows - done) / rate if rate and run.rows > done else None
    return {
        "done": done,
        "total": run.rows or None,
        "rate": round(rate) if rate else None,
        "seconds_left": round(left) if left is not None else None,
    }
