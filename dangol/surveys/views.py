"""Pages of one response; each change is one POST to a resource of it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.customers.by_id import customer_or_404
from dangol.interactions.models import Channel
from dangol.surveys import actions
from dangol.surveys.asking import given_answers, sent_answers, shown_questions
from dangol.surveys.models import Draft, Process, Response, Survey
from dangol.surveys.queries import responses_visible_to
from dangol.surveys.reading import read_answers
from dangol.surveys.storing import stored_answers


def the_response(request: HttpRequest, pk: uuid.UUID, ability: str = "answers.see") -> Response:
    """A response that this person may see or put right, or 404."""
    rows = responses_visible_to(request.user, ability)  # type: ignore[arg-type]
    rows = rows.annotate(score=F("own__score"))
    related = (
        "version",
        "survey__questionnaire",
        "customer",
        "place",
        "agent",
        "interaction__agent",
        "withdrawn_by",
    )
    return get_object_or_404(rows.select_related(*related), pk=pk)


@needs("answers.see")
def response_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What one customer answered, and the call in which it was said."""
    return shown(request, the_response(request, pk))


def shown(
    request: HttpRequest,
    response: Response,
    errors: dict[str, list[str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a response, with the form of a correction."""
    record_access(request, "answers", [response.customer_id])
    score = response.score  # type: ignore[attr-defined]
    late = Draft.objects.filter(response=response).select_related("saved_by").first()
    typed = sent_answers(response.version.body, request.POST) if errors else None
    given = stored_answers(response) if response.completed_at else (late.answers if late else {})
    return render(
        request,
        "surveys/response.html",
        {
            "response": response,
            "points": None if score is None else score / 1000,
            "answers": read_answers(response),
            "questions": shown_questions(response.version.body, typed or given, errors),
            "errors": errors,
            "late": late if response.completed_at else None,
            "call_url": reverse_or_empty("interactions:interaction", response.interaction_id),
            "customer_url": reverse_or_empty("customers:customer", response.customer_id),
            "may_edit": request.user.can("answers.correct"),  # type: ignore[union-attr]
            "may_send": request.user.can("desk.work"),  # type: ignore[union-attr]
        },
        status=status,
    )


def reverse_or_empty(name: str, key: uuid.UUID | None) -> str:
    """The address of a neighbour's page; empty without a key, or where there is no such page."""
    try:
        return reverse(name, args=[key]) if key else ""
    except NoReverseMatch:
        return ""


@require_POST
@needs("desk.work")
def draft(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep what was typed so far; 204 when kept, 409 once the response is completed."""
    response = the_response(request, pk)
    kept = actions.save_draft_answers(
        response,
        sent_answers(response.version.body, request.POST),
        by=request.user,  # type: ignore[arg-type]
    )
    return HttpResponse(status=204 if kept else 409)


@require_POST
@needs("desk.work")
def completion(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Store the answers for good: {"completed": true}, or 422 {"errors": {question: […]}}."""
    response = the_response(request, pk)
    answers = given_answers(response, request.POST)
    try:
        actions.complete_response(response, answers, by=request.user)  # type: ignore[arg-type]
    except ValidationError as refusal:
        return JsonResponse({"errors": told(refusal)}, status=422)
    return JsonResponse({"completed": True})


@require_POST
@needs("answers.correct")
def correction(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Put the answers right."""
    response = the_response(request, pk, "answers.correct")
    answers = given_answers(response, request.POST)
    reason = request.POST.get("reason", "").strip()
    try:
        actions.correct_response(response, answers, by=request.user, reason=reason)  # type: ignore[arg-type]
    except ValidationError as refusal:
        return shown(request, response, told(refusal), status=422)
    messages.success(request, _("The answers are put right; the figures follow."))
    return redirect("surveys:response", pk)


@require_POST
@needs("answers.correct")
def withdrawal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Let the answers count no more."""
    response = the_response(request, pk, "answers.correct")
    reason = request.POST.get("reason", "").strip()
    actions.withdraw_response(response, by=request.user, reason=reason)  # type: ignore[arg-type]
    messages.success(request, _("Withdrawn. The answers count no more."))
    return redirect("surveys:response", pk)


@require_POST
@needs("desk.work")
def link(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make a personal link for the customer; it is shown this once."""
    response = the_response(request, pk)
    token = actions.invite(response, by=request.user)  # type: ignore[arg-type]
    address = request.build_absolute_uri(reverse("surveys:answer", args=[token]))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "surveys/_link.html", {"address": address}, status=201)
    return JsonResponse({"url": address}, status=201)


@require_POST
@needs("desk.work")
def customer_link(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Begin a survey with a customer who answers alone, and make the personal link."""
    customer = customer_or_404(request.user, pk)
    choices = {str(survey.pk): survey for survey in asked_surveys()}
    survey = choices.get(request.POST.get("survey", ""))
    if survey is None:
        return HttpResponse(_("Choose a survey that is published."), status=422)
    with transaction.atomic():
        response = actions.start_response(
            survey.questionnaire,
            customer=customer,
            channel=Channel.WEB,
            by=request.user,  # type: ignore[arg-type]
        )
        token = actions.invite(response, by=request.user)  # type: ignore[arg-type]
    address = request.build_absolute_uri(reverse("surveys:answer", args=[token]))
    return render(request, "surveys/_link.html", {"address": address}, status=201)


def asked_surveys() -> QuerySet[Survey]:
    """Surveys that can be sent: published, and not the one that asks about a solved case."""
    rows = Survey.objects.filter(versions__published_at__isnull=False).distinct()
    rows = rows.exclude(process=Process.CONFIRMATION)
    return rows.select_related("questionnaire").order_by("process", "pk")


@needs("answers.see")
def customer_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A customer's answers, for the customer page."""
    customer = customer_or_404(request.user, pk)
    rows = responses_visible_to(request.user).filter(customer=customer, completed_at__isnull=False)  # type: ignore[arg-type]
    listed = (
        rows.annotate(score=F("own__score")).select_related("place").order_by("-completed_at")[:8]
    )
    for row in listed:
        row.points = None if row.score is None else row.score / 1000
    sent = asked_surveys() if request.user.can("desk.work") else []  # type: ignore[union-attr]
    context = {"responses": listed, "customer_pk": customer.pk, "surveys": sent}
    return render(request, "surveys/_customer_answers.html", context)


@needs("answers.see")
def response_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was answered, for the page of a case that these answers opened."""
    response = the_response(request, pk)
    record_access(request, "answers", [response.customer_id])
    answers = read_answers(response)
    return render(
        request, "surveys/_response_answers.html", {"response": response, "answers": answers}
    )


def told(refusal: ValidationError) -> dict[str, list[str]]:
    """What is wrong, by question; what concerns no question stands under the empty key."""
    return refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
