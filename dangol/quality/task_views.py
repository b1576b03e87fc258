"""The page of one correction task, and what is done with it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.core.masking import shown_name
from dangol.customers.by_id import customer_or_404
from dangol.customers.models import ContactPoint
from dangol.customers.source_names import source_name
from dangol.quality.forms import ClosingForm
from dangol.quality.lists import OUTCOMES, shown_value, whole_value
from dangol.quality.models import CorrectionTask, Risk
from dangol.quality.queries import policy_in_use, risks_visible_to, tasks_visible_to
from dangol.quality.tasks.actions import ask_for_task, close_task, give_task_back, take_task
from dangol.quality.tasks.clock import DAY, time_left
from dangol.quality.words import percent


def the_task(request: HttpRequest, pk: uuid.UUID) -> CorrectionTask:
    """A task of a site where this person corrects, or 404."""
    rows = tasks_visible_to(request.user).select_related(  # type: ignore[arg-type]
        "contact_point__customer",
        "contact_point__risk",
        "place",
        "assigned_to",
        "asked_by",
        "closed_by",
    )
    return get_object_or_404(rows, pk=pk)


def page(request: HttpRequest, task: CorrectionTask, form: ClosingForm) -> HttpResponse:
    """The task with its contact point, the other ways to reach the customer, and the form."""
    point = task.contact_point
    mine = task.assigned_to_id == request.user.pk
    # who took the task asks the customer whether the value is right, and therefore sees it whole
    shown = whole_value if mine and not task.closed_at else shown_value
    whole = shown is whole_value
    record_access(
        request, "correction task, whole" if whole else "correction task", [point.customer_id],
        reason=f"correction task {task.pk}",
    )  # fmt: skip
    others = ContactPoint.objects.filter(customer=point.customer_id, ended_at=None).exclude(
        pk=point.pk
    )
    checks = list(point.checks.select_related("by").order_by("-at")[:10])
    context = {
        "task": task, "point": point, "form": form,
        "left": time_left(task, timezone.now()), "warn": DAY,
        "value": shown(point.kind, point.value), "chance": percent(task.chance_now, 0),
        "chance_then": percent(task.chance, 0),
        "source": source_name(point.source), "meaning": OUTCOMES.get(task.outcome, ""),
        "others": [(o, shown(o.kind, o.value)) for o in others.order_by("-kind", "-preferred")],
        "checks": checks, "mine": mine,
        "name": point.customer.name if whole else shown_name(point.customer.name),
    }  # fmt: skip
    return render(request, "quality/task.html", context, status=422 if form.errors else 200)


@needs("quality.correct")
def task(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One correction task."""
    return page(request, the_task(request, pk), ClosingForm())


@require_POST
@needs("quality.correct")
def closing(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write what the customer said; the task ends and the next one is at hand."""
    found, form = the_task(request, pk), ClosingForm(request.POST)
    if not form.is_valid():
        return page(request, found, form)
    try:
        close_task(found, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
    except ValidationError as refusal:
        for field, said in getattr(
            refusal, "message_dict", {"new_value": refusal.messages}
        ).items():
            form.add_error(field if field in form.fields else "new_value", said)
        return page(request, found, form)
    messages.success(
        request, _("Recorded. The chance for this contact point was calculated again.")
    )
    return redirect("quality:tasks")


@require_POST
@needs("quality.correct")
def taking(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make it one's own."""
    take_task(the_task(request, pk), by=request.user)  # type: ignore[arg-type]
    return redirect("quality:task", pk)


@require_POST
@needs("quality.correct")
def giving_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Leave it to somebody else."""
    give_task_back(the_task(request, pk), by=request.user)  # type: ignore[arg-type]
    return redirect("quality:task", pk)


@needs("quality.correct")
def customer_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A customer's contact points with their chances; a panel of the customer page."""
    user = request.user
    customer = customer_or_404(user, pk)
    risks = Risk.objects.filter(contact_point__customer=customer, contact_point__ended_at=None)
    tasks = dict(
        tasks_visible_to(user)  # type: ignore[arg-type]
        .filter(contact_point__customer=customer, closed_at=None)
        .values_list("contact_point_id", "pk")
    )
    rows = [
        (r, shown_value(r.kind, r.contact_point.value), percent(r.chance, 0), tasks.get(r.pk))
        for r in risks.select_related("contact_point").order_by("-chance")[:20]
    ]
    return render(request, "quality/_customer.html", {"rows": rows})


@require_POST
@needs("quality.correct")
def asking(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give a contact point to its customer's site as a task now."""
    risk = get_object_or_404(
        risks_visible_to(request.user).select_related("contact_point"), pk=pk  # type: ignore[arg-type]
    )  # fmt: skip
    try:
        made = ask_for_task(
            risk.contact_point, chance=risk.chance, minutes=policy_in_use().task_minutes,
            by=request.user,  # type: ignore[arg-type]
        )  # fmt: skip
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("quality:points")
    visible = tasks_visible_to(request.user).filter(pk=made.pk).exists()  # type: ignore[arg-type]
    return redirect("quality:task", made.pk) if visible else redirect("quality:tasks")
