"""Correction tasks and the policy by program."""

from __future__ import annotations

import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Status

from dangol.core.api import After, Limit, Page, may, one_of, page_of
from dangol.core.audit import record_access
from dangol.quality import actions
from dangol.quality.api.router import router
from dangol.quality.api.shapes import (
    CorrectionTaskOut,
    PolicyChange,
    PolicyOut,
    TaskClosureIn,
)
from dangol.quality.models import CorrectionTask, Policy, Risk
from dangol.quality.queries import (
    policy_in_use,
    risks_visible_to,
    tasks_visible_to,
)
from dangol.quality.tasks import actions as tasks


@router.get("/quality/tasks", response=Page[CorrectionTaskOut])
def list_correction_tasks(
    request: HttpRequest,
    state: Literal["open", "closed"] = "open",
    after: After = "",
    limit: Limit = 50,
) -> Any:
    """Correction tasks of the sites where you correct, newest first."""
    rows = tasks_visible_to(may(request, "quality.correct")).select_related("contact_point__risk")
    rows = rows.filter(closed_at__isnull=state == "open")
    page = page_of(rows, "-created_at", after, limit)
    seen = [task.contact_point.customer_id for task in page["items"]]
    record_access(request, "api correction tasks", seen)
    return page


def the_task(request: HttpRequest, key: uuid.UUID) -> CorrectionTask:
    """A task of a site where the asking person corrects; 404 otherwise."""
    rows = tasks_visible_to(may(request, "quality.correct")).select_related("contact_point__risk")
    task: CorrectionTask = one_of(rows, key, "task")
    record_access(request, "api correction task", [task.contact_point.customer_id])
    return task


@router.get("/quality/tasks/{task_id}", response=CorrectionTaskOut)
def get_correction_task(request: HttpRequest, task_id: uuid.UUID) -> Any:
    """One correction task."""
    return the_task(request, task_id)


@router.post("/quality/tasks/{task_id}/closure", response=CorrectionTaskOut)
def close_correction_task(request: HttpRequest, task_id: uuid.UUID, body: TaskClosureIn) -> Any:
    """Write what the customer said: a check of the contact point; twice changes nothing."""
    task, user = the_task(request, task_id), may(request, "quality.correct")
    return tasks.close_task(task, body.outcome, new_value=body.new_value, note=body.note, by=user)


@router.post("/quality/tasks/{task_id}/owner", response=CorrectionTaskOut)
def take_correction_task(request: HttpRequest, task_id: uuid.UUID) -> Any:
    """Make it your own; it stays with who took it first."""
    return tasks.take_task(the_task(request, task_id), by=may(request, "quality.correct"))


@router.delete("/quality/tasks/{task_id}/owner", response=CorrectionTaskOut)
def give_correction_task_back(request: HttpRequest, task_id: uuid.UUID) -> Any:
    """Leave it to somebody else."""
    return tasks.give_task_back(the_task(request, task_id), by=may(request, "quality.correct"))


@router.post("/quality/points/{point_id}/task", response={201: CorrectionTaskOut})
def ask_for_correction(request: HttpRequest, point_id: uuid.UUID) -> Any:
    """Give a contact point to its customer's site now; an open task stays the only one."""
    user = may(request, "quality.correct")
    risk: Risk = one_of(risks_visible_to(user).select_related("contact_point"), point_id, "point")
    made = tasks.ask_for_task(
        risk.contact_point, chance=risk.chance, minutes=policy_in_use().task_minutes, by=user
    )
    return Status(201, made)


@router.get("/quality/policy", response=PolicyOut)
def get_quality_policy(request: HttpRequest) -> Policy:
    """What the company set."""
    may(request, "quality.see")
    return policy_in_use()


@router.patch("/quality/policy", response=PolicyOut)
def change_quality_policy(request: HttpRequest, body: PolicyChange) -> Policy:
    """Set costs, thresholds and numbers; it holds from the next night on."""
    user = may(request, "quality.configure")
    fields = {k: v for k, v in body.dict(exclude_unset=True).items() if v is not None}
    return actions.change_policy(by=user, **fields)
