"""Work on correction tasks: take one, say what the customer said, or that nobody was reached."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.customers.actions import add_contact_point, check_contact_point
from dangol.customers.models import ContactPoint
from dangol.quality.models import CorrectionTask, TaskOutcome
from dangol.quality.tasks.making import due_at


def _locked(task: CorrectionTask) -> CorrectionTask:
    rows = CorrectionTask.objects.select_for_update(of=("self",))
    return rows.select_related("contact_point__customer", "place").get(pk=task.pk)


@transaction.atomic
def take_task(task: CorrectionTask, *, by: User) -> CorrectionTask:
    """Somebody makes a task their own; it stays with who took it first."""
    locked = _locked(task)
    if locked.closed_at is None and locked.assigned_to_id is None:
        locked.assigned_to = by
        locked.save(update_fields=["assigned_to"])
        record_change("take_correction", locked, by=by)
    return locked


@transaction.atomic
def give_task_back(task: CorrectionTask, *, by: User) -> CorrectionTask:
    """Nobody's own again."""
    locked = _locked(task)
    if locked.closed_at is None and locked.assigned_to_id:
        before, locked.assigned_to = locked.assigned_to_id, None
        locked.save(update_fields=["assigned_to"])
        record_change(
            "give_correction_back", locked, by=by, changes={"assigned_to": [before, None]}
        )
    return locked


@transaction.atomic
def close_task(
    task: CorrectionTask,
    outcome: str,
    *,
    by: User | None,
    new_value: str = "",
    note: str = "",
    at: dt.datetime | None = None,
) -> CorrectionTask:
    """Write what the customer said: it becomes a check of the contact point, and the task ends.

    With a new value the old one was wrong (or its owner moved). What has gone out of use meanwhile
    is not checked any more, but a new value is kept. Twice changes nothing.
    """
    locked, moment = _locked(task), at or timezone.now()
    if locked.closed_at:
        return locked
    if outcome not in {"verified", "wrong", "moved", "unreached"}:
        raise ValidationError({"outcome": _("Say what came of it.")})
    if new_value and outcome not in {"wrong", "moved"}:
        raise ValidationError({"new_value": _("A new value goes with “wrong” or “moved”.")})
    if outcome == TaskOutcome.UNREACHED:
        return end_task(locked, TaskOutcome.UNREACHED, by=by, note=note, at=moment)
    point = _in_use(locked.contact_point)
    if point is None and not new_value:
        return end_task(locked, TaskOutcome.GONE, by=by, note=note, at=moment)
    ended = end_task(
        locked, TaskOutcome.CORRECTED if new_value else TaskOutcome(outcome),
        by=by, note=note, at=moment,
    )  # fmt: skip
    said = {"by": by, "at": moment, "place": locked.place}
    if point:
        check_contact_point(point, outcome, new_value=new_value or None, **said)
    else:
        old = locked.contact_point
        new = add_contact_point(
            old.customer, old.kind, new_value, by=by, at=moment, label=old.label, source="agent"
        )
        check_contact_point(new, "verified", **said)
    return ended


def _in_use(point: ContactPoint) -> ContactPoint | None:
    """The contact point, or the same value that a merge left in its place; None: out of use."""
    if point.ended_at is None:
        return point
    same = ContactPoint.objects.filter(kind=point.kind, value=point.value, ended_at=None)
    return same.filter(customer=point.customer_id).first()


def end_task(
    task: CorrectionTask, outcome: TaskOutcome, *, by: User | None, at: dt.datetime, note: str = ""
) -> CorrectionTask:
    """Close a locked task with what came of it; inside the caller's transaction."""
    task.closed_at, task.closed_by, task.outcome, task.note = at, by, outcome, note[:300]
    task.save()
    record_change("close_correction", task, by=by, at=at, changes={"outcome": ["", str(outcome)]})
    return task


@transaction.atomic
def end_tasks_of(point_id: uuid.UUID, outcome: str, *, by: User | None, at: dt.datetime) -> int:
    """A call or somebody else has checked the contact point: its open task is done. How many."""
    open_tasks = CorrectionTask.objects.select_for_update().filter(
        contact_point=point_id, closed_at=None
    )
    told = TaskOutcome(outcome)
    replaced = ContactPoint.objects.filter(pk=point_id, ended_at__isnull=False).exists()
    if replaced and told in {TaskOutcome.WRONG, TaskOutcome.MOVED}:
        told = TaskOutcome.CORRECTED
    return len([end_task(task, told, by=by, at=at) for task in open_tasks])


@transaction.atomic
def ask_for_task(
    point: ContactPoint, *, chance: float, minutes: int, by: User, at: dt.datetime | None = None
) -> CorrectionTask:
    """The steward gives a contact point to its customer's site now; an open task stays the only one."""
    moment = at or timezone.now()
    locked = ContactPoint.objects.select_for_update(of=("self",)).select_related(
        "customer__home_place"
    ).get(pk=point.pk)  # fmt: skip
    if before := CorrectionTask.objects.filter(contact_point=locked, closed_at=None).first():
        return before
    site = locked.customer.home_place
    if site is None or site.kind != "site" or site.closed_at:
        raise ValidationError(_("The customer has no open home site."))
    if locked.ended_at or locked.state in {"wrong", "moved"}:
        raise ValidationError(_("This contact point is out of use or known to be wrong already."))
    task = CorrectionTask.objects.create(
        contact_point=locked, place=site, chance=chance, due_at=due_at(site, moment, minutes),
        asked_by=by, created_at=moment,
    )  # fmt: skip
    record_change("ask_for_correction", task, by=by, at=moment)
    return task
