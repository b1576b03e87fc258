"""What every deed here checks: a name that says something, a question that can be asked, bounds."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.cubes.asking.names import readable
from dangol.cubes.asking.query import Refused
from dangol.cubes.models import Goal, Subscription, Watch
from dangol.cubes.subjects.catalogue import FARTHEST, Measure


def said(text: str, field: str = "name") -> str:
    """A name without control characters and blanks at its ends; one that says nothing is refused."""
    if not (found := readable(text)):
        raise ValidationError({field: _("Write a name.")})
    return found


def by_field(refused: Refused, **names: str) -> dict[str, list[str]]:
    """What is wrong with a question, by the fields of what is kept."""
    return {names.get(name, name): [text] for name, text in refused.errors.items()}


def within_bounds(measure: Measure, value: float | None, field: str) -> dict[str, Any]:
    """What is wrong with a goal or a threshold: a share of 130% is no goal."""
    low, high = measure.bounds
    if value is None or low <= value <= high:
        return {}
    told = {"low": f"{low:g}", "high": f"{high:g}", "measure": measure.label}
    text = _("“%(measure)s” lies between %(low)s and %(high)s.") if high < FARTHEST else _("“%(measure)s” is not below %(low)s.")  # fmt: skip
    return {field: text % told}


def ended[Kept: (Subscription, Goal, Watch)](row: Kept, name: str, by: User) -> Kept:
    """It holds no longer; a second time changes nothing."""
    row = type(row).objects.select_for_update().get(pk=row.pk)
    if row.ended_at is None:
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
        record_change(name, row, by=by, changes={})
    return row


def taken_over(row: Goal | Watch, fields: dict[str, Any]) -> dict[str, Any]:
    """New values of a row's fields; the answer says what changed, from what to what."""
    changes = {}
    for name, value in fields.items():
        before = getattr(row, name)
        if before != value:
            changes[name] = [before, value]
            setattr(row, name, value)
    return {n: [v if isinstance(v, str | int | float | None) else str(v) for v in pair] for n, pair in changes.items()}  # fmt: skip
