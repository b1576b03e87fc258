"""The desk: one page, and a POST for each step; pressed twice, from two tabs or back, once is done."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.contact_centre import actions as centre
from dangol.contact_centre.models import State
from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.customers.models import ContactPoint
from dangol.desk import actions, forms
from dangol.desk.models import Handling
from dangol.desk.queries import open_handling
from dangol.desk.screen import call_view, dock_again, screen
from dangol.surveys.actions import save_draft_answers
from dangol.surveys.asking import given_answers
from dangol.ui.toast import toast

AUTO_DIAL = "auto_dial"


@needs("desk.work")
def desk(request: HttpRequest) -> HttpResponse:
    """The agent's screen, as the server knows it: a closed browser finds everything again."""
    shown = screen(request.user, check="check" in request.GET)  # type: ignore[arg-type]
    if shown["handling"]:
        record_access(request, "desk", [shown["customer"].pk])
    shown["auto_dial"] = request.session.get(AUTO_DIAL, False)
    return render(request, "desk/desk.html", shown)


def told(request: HttpRequest, refusal: ValidationError) -> None:
    """Say on the next page why a step was refused."""
    messages.error(request, " ".join(refusal.messages))


@require_POST
@needs("desk.work")
def state(request: HttpRequest) -> HttpResponse:
    """The agent sets the own state; not while a call lies on the desk."""
    form = forms.StateForm(request.POST)
    user = request.user
    if form.is_valid():
        wanted, reason = form.cleaned_data["state"], form.cleaned_data["reason"]
        held = open_handling(user)  # type: ignore[arg-type]
        if held and held.interaction_id:
            messages.error(request, _("Finish the call on your desk first."))
            return redirect("desk:desk")
        if held and wanted != State.AVAILABLE:
            actions.give_back(user)  # type: ignore[arg-type]
        reason = reason if wanted == State.BREAK else ""
        centre.change_state(user, wanted, reason=reason, by=user)  # type: ignore[arg-type]
    return redirect("desk:desk")


@require_POST
@needs("desk.work")
def auto_dial(request: HttpRequest) -> HttpResponse:
    """Whether the next call is dialled by itself."""
    request.session[AUTO_DIAL] = request.POST.get("on") == "1"
    return HttpResponse(status=204)


@require_POST
@needs("desk.work")
def next_call(request: HttpRequest) -> HttpResponse:
    """Bring the best due call to the desk."""
    user = request.user
    try:
        handling = actions.take_next(user)  # type: ignore[arg-type]
        if handling is None:
            messages.info(request, _("Nothing is due now."))
        elif request.session.get(AUTO_DIAL) and handling.interaction_id is None:
            actions.dial(user)  # type: ignore[arg-type]
    except ValidationError as refusal:
        told(request, refusal)
    return redirect("desk:desk")


def docked(request: HttpRequest, step: Callable[[Handling], Any]) -> HttpResponse:
    """Do one step of the call and show the dock again."""
    refusal = None
    try:
        handling = open_handling(request.user)  # type: ignore[arg-type]
        if handling is None:
            raise actions.NotReady(_("No call lies on your desk."))
        step(handling)
    except ValidationError as why:
        refusal = why
    handling = open_handling(request.user)  # type: ignore[arg-type]
    if not request.htmx or handling is None:  # type: ignore[attr-defined]
        if refusal:
            told(request, refusal)
        return refreshed(request)
    response = render(request, "desk/desk.html#dock", dock_again(handling, timezone.now()))
    if refusal:
        toast(response, " ".join(refusal.messages), meaning="bad")
    return response


def refreshed(request: HttpRequest) -> HttpResponse:
    """Draw the whole desk anew."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("desk:desk")
    response = HttpResponse(status=204)
    response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@needs("desk.work")
def call(request: HttpRequest) -> HttpResponse:
    """Dial, the number that was chosen or the best one."""

    def step(handling: Handling) -> None:
        point, chosen = None, request.POST.get("point")
        if chosen:
            point = ContactPoint.objects.filter(
                pk=as_key(chosen), customer=handling.target.customer_id, kind="phone", ended_at=None
            ).first()
            if point is None:
                raise ValidationError(_("There is no phone number to call."))
        actions.dial(request.user, point=point)  # type: ignore[arg-type]

    return docked(request, step)


def as_key(text: str) -> uuid.UUID:
    """A key from a form, or 404."""
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None


@require_POST
@needs("desk.work")
def pulse(request: HttpRequest) -> HttpResponse:
    """The desk is alive; nothing is sent back while nothing changed."""
    actions.pulse(request.user)  # type: ignore[arg-type]
    handling = open_handling(request.user)  # type: ignore[arg-type]
    if handling is None:
        return refreshed(request)
    now = timezone.now()
    if call_view(handling, now).signature == request.POST.get("signature"):
        return HttpResponse(status=204)
    return render(request, "desk/desk.html#dock", dock_again(handling, now))


def on_line(request: HttpRequest, step: Callable[..., Any], *more: Any) -> HttpResponse:
    """Do something with the line of the call on the desk."""

    def do(handling: Handling) -> None:
        if handling.interaction is None:
            raise actions.NotReady(_("Nobody is on the line."))
        step(handling.interaction.call, *more, by=request.user)

    return docked(request, do)


@require_POST
@needs("desk.work")
def hold(request: HttpRequest) -> HttpResponse:
    """Let the customer wait."""
    return on_line(request, centre.hold_call)


@require_POST
@needs("desk.work")
def resumption(request: HttpRequest) -> HttpResponse:
    """Take the customer back."""
    return on_line(request, centre.resume_call)


@require_POST
@needs("desk.work")
def transfer(request: HttpRequest) -> HttpResponse:
    """Hand the customer to a colleague."""
    form = forms.TransferForm(request.POST)
    if not form.is_valid():
        return toast(HttpResponse(status=204), _("Write an extension or a number."), meaning="bad")
    return on_line(request, centre.transfer_call, form.cleaned_data["to"])


@require_POST
@needs("desk.work")
def end(request: HttpRequest) -> HttpResponse:
    """Hang up."""
    return on_line(request, centre.hang_up)


@require_POST
@needs("desk.work")
def draft(request: HttpRequest) -> HttpResponse:
    """Keep note and outcome while they are typed."""
    form = forms.DraftForm(request.POST)
    form.is_valid()
    kept = {k: v for k, v in form.cleaned_data.items() if k in request.POST}
    try:
        actions.keep_draft(request.user, **kept)  # type: ignore[arg-type]
    except actions.NotReady:
        return refreshed(request)
    return HttpResponse(status=204)


@require_POST
@needs("desk.work")
def giving_back(request: HttpRequest) -> HttpResponse:
    """Return a call that was not dialled."""
    try:
        actions.give_back(request.user)  # type: ignore[arg-type]
    except ValidationError as refusal:
        told(request, refusal)
    return redirect("desk:desk")


@require_POST
@needs("desk.work")
def finish(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End the call at the desk; what was typed stays when it is refused."""
    user = request.user
    handling = get_object_or_404(Handling, pk=pk, agent=user)
    form = forms.FinishForm(request.POST)
    given = None
    try:
        if not form.is_valid():
            raise ValidationError([e for errors in form.errors.values() for e in errors])
        if handling.response and not (handling.finished_at or handling.response.withdrawn_at):
            given = given_answers(handling.response, request.POST)
        then = form.cleaned_data["then"] or State.AVAILABLE
        actions.finish(
            user, handling, form.cleaned_data["outcome"], note=form.cleaned_data["note"],  # type: ignore[arg-type]
            answers=given, call_back_at=form.cleaned_data["call_back_at"], then=then,
        )  # fmt: skip
    except ValidationError as refusal:
        asked = {q["key"] for q in handling.response.version.body} if given is not None else set()
        if not asked & set(getattr(refusal, "error_dict", ())):
            told(request, refusal)
            return redirect("desk:desk")
        save_draft_answers(handling.response, given, by=user)  # type: ignore[arg-type]
        messages.error(request, _("The call is not finished: look at the marked questions."))
        return redirect(f"{reverse('desk:desk')}?check=1")
    return redirect("desk:desk")
