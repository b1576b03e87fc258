"""Writes over what the company sets."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.quality.models import Policy
from dangol.quality.queries import policy_in_use

SETTABLE = {
    "verify_seconds", "minute_cost", "currency", "fresh_days", "ask_from", "ask_most", "task_from",
    "tasks_a_day", "task_minutes",
}  # fmt: skip


@transaction.atomic
def change_policy(*, by: User | None, **fields: Any) -> Policy:
    """Set what verification costs, when a value is fresh, and how much is asked for."""
    unknown = set(fields) - SETTABLE
    if unknown:
        raise ValidationError(_("These fields cannot be edited: %s") % ", ".join(sorted(unknown)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('quality policy', 0))")
    before = policy_in_use()
    changes = {k: [getattr(before, k), v] for k, v in fields.items() if getattr(before, k) != v}
    if not changes:
        return before
    kept = {name: getattr(before, name) for name in SETTABLE}
    policy = Policy(**kept | fields, changed_by=by)
    policy.full_clean()
    policy.save(force_insert=True)
    record_change("change_quality_policy", policy, by=by, changes=changes)
    return policy
