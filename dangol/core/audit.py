"""The audit trail and the access log."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import models as db
from django.http import HttpRequest
from django.utils import timezone

from dangol.core.events import plain
from dangol.core.models import AccessEntry, AuditEntry, User


def record_change(
    verb: str,
    subject: db.Model,
    *,
    by: User | None,
    changes: dict[str, Any] | None = None,
    reason: str = "",
    at: dt.datetime | None = None,
) -> AuditEntry:
    """Write who did what to which row, and when; `changes` is {field: [before, after]}."""
    return AuditEntry.objects.create(
        created_at=at or timezone.now(),
        verb=verb,
        by=by,
        subject_type=subject._meta.label_lower,
        subject_id=subject.pk,
        changes=plain(changes or {}),
        reason=reason,
    )


def record_access(
    request: HttpRequest, what: str, subjects: Iterable[uuid.UUID], *, reason: str = ""
) -> None:
    """Write that this person saw these customers; nothing is written when nobody was shown."""
    shown = list(dict.fromkeys(subjects))
    if shown and request.user.is_authenticated:
        AccessEntry.objects.create(
            by=request.user,
            what=what,
            subjects=shown,
            reason=reason,
            address=request.META.get("REMOTE_ADDR") or None,
        )
