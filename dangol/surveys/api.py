"""Surveys and answers through the API; the same actions as the pages."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.customers.queries import customers_visible_to
from dangol.interactions.models import Channel, Interaction, Thread
from dangol.places.models import Place
from dangol.places.scope import places_visible_to, scoped
from dangol.surveys import actions
from dangol.surveys.models import Process, Response, Survey
from dangol.surveys.queries import responses_visible_to, surveys_visible_to
from dangol.surveys.storing import stored_answers

router = Router(tags=["surveys"])
MOST = 200


class SurveyOut(Schema):
    """A survey."""

    id: uuid.UUID
    key: str
    title: str
    title_en: str
    process: Process

    @staticmethod
    def resolve_id(survey: Survey) -> uuid.UUID:
        return survey.pk


class VersionOut(Schema):
    """One wording of a survey."""

    id: uuid.UUID
    number: int
    published_at: dt.datetime | None
    body: list[dict[str, Any]]


class ResponseOut(Schema):
    """A customer's answers; `index` is the own index 0–100."""

    id: uuid.UUID
    survey_id: uuid.UUID
    version: int
    process: Process
    customer_id: uuid.UUID
    place: str
    thread_id: uuid.UUID | None
    interaction_id: uuid.UUID | None
    channel: Channel
    started_at: dt.datetime
    completed_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    index: float | None
    answers: dict[str, Any]


class StartIn(Schema):
    """Whom to ask what; the conversation if there is one."""

    survey: str
    customer_id: uuid.UUID
    channel: Channel = Channel.PHONE
    place: str | None = None
    thread_id: uuid.UUID | None = None
    interaction_id: uuid.UUID | None = None


class AnswersIn(Schema):
    """{question key: value}; a matrix has {row key: value}."""

    answers: dict[str, Any]
    reason: str = ""


def told(response: Response) -> dict[str, Any]:
    """A response as the API tells it."""
    score = getattr(response, "score", None)
    fields = ("survey_id", "process", "customer_id", "thread_id", "interaction_id", "channel",
              "started_at", "completed_at", "withdrawn_at")  # fmt: skip
    return {
        "id": response.pk,
        "version": response.version.number,
        "place": response.place.code,
        "index": None if score is None else score / 1000,
        "answers": stored_answers(response),
        **{name: getattr(response, name) for name in fields},
    }


def responses_of(request: HttpRequest) -> Any:
    """The responses that the caller may see, ready to be told."""
    rows = responses_visible_to(request.user).annotate(score=F("own__score"))  # type: ignore[arg-type]
    return rows.select_related("version", "place").prefetch_related("answers")


@router.get("/surveys", response=list[SurveyOut], operation_id="list_surveys")
@needs("surveys.see")
def list_surveys(request: HttpRequest) -> Any:
    """Every survey."""
    return surveys_visible_to(request.user)  # type: ignore[arg-type]


@router.get("/surveys/{key}/versions", response=list[VersionOut], operation_id="list_versions")
@needs("surveys.see")
def list_versions(request: HttpRequest, key: str) -> Any:
    """The versions of a survey, oldest first."""
    return get_object_or_404(surveys_visible_to(request.user), key=key).versions.all()  # type: ignore[arg-type]


@router.get("/responses", response=list[ResponseOut], operation_id="list_responses")
@needs("answers.see")
def list_responses(
    request: HttpRequest,
    process: Process | None = None,
    place: str | None = None,
    day_from: dt.date | None = None,
    day_to: dt.date | None = None,
    after: uuid.UUID | None = None,
    limit: int = 50,
) -> Any:
    """Completed answers by key, oldest first; `after` is the id of the last one seen."""
    rows = responses_of(request).filter(completed_at__isnull=False)
    if process:
        rows = rows.filter(process=process)
    if place is not None:
        top = get_object_or_404(places_visible_to(request.user, "answers.see"), code=place)  # type: ignore[arg-type]
        rows = rows.filter(place__in=Place.objects.filter(top.within).values("pk"))
    if day_from:
        rows = rows.filter(day__gte=day_from)
    if day_to:
        rows = rows.filter(day__lte=day_to)
    if after:
        rows = rows.filter(pk__gt=after)
    found = list(rows.order_by("pk")[: max(1, min(limit, MOST))])
    record_access(request, "api answers", [r.customer_id for r in found])
    return [told(r) for r in found]


@router.get("/responses/{pk}", response=ResponseOut, operation_id="get_response")
@needs("answers.see")
def get_response(request: HttpRequest, pk: uuid.UUID) -> Any:
    """One response."""
    response = get_object_or_404(responses_of(request), pk=pk)
    record_access(request, "api answers", [response.customer_id])
    return told(response)


@router.post("/responses", response={201: ResponseOut}, operation_id="start_response")
@needs("desk.work")
def start_response(request: HttpRequest, given: StartIn) -> Any:
    """Begin to ask; what was begun in this conversation or thread goes on."""
    user = request.user
    survey = get_object_or_404(Survey.objects.select_related("questionnaire"), key=given.survey)
    customer = get_object_or_404(customers_visible_to(user), pk=given.customer_id)  # type: ignore[arg-type]
    place = thread = interaction = None
    if given.place is not None:
        place = get_object_or_404(places_visible_to(user, "desk.work"), code=given.place)  # type: ignore[arg-type]
    if given.thread_id:
        thread = get_object_or_404(Thread, pk=given.thread_id, customer=customer)
    if given.interaction_id:
        talks = scoped(Interaction.objects.all(), user, "interactions.see")  # type: ignore[arg-type]
        interaction = get_object_or_404(talks, pk=given.interaction_id, customer=customer)
    response = actions.start_response(
        survey.questionnaire, customer=customer, channel=given.channel, thread=thread,
        interaction=interaction, place=place, agent=user, by=user,  # type: ignore[arg-type]
    )  # fmt: skip
    return 201, told(responses_of(request).get(pk=response.pk))


@router.put("/responses/{pk}/answers", response=ResponseOut, operation_id="complete_response")
@needs("desk.work")
def complete_response(request: HttpRequest, pk: uuid.UUID, given: AnswersIn) -> Any:
    """Store the answers for good; a second time changes nothing."""
    response = get_object_or_404(responses_of(request), pk=pk)
    actions.complete_response(response, given.answers, by=request.user)  # type: ignore[arg-type]
    return told(responses_of(request).get(pk=pk))


@router.post("/responses/{pk}/correction", response=ResponseOut, operation_id="correct_response")
@needs("surveys.edit")
def correct_response(request: HttpRequest, pk: uuid.UUID, given: AnswersIn) -> Any:
    """Put completed answers right."""
    response = get_object_or_404(responses_of(request), pk=pk)
    actions.correct_response(response, given.answers, by=request.user, reason=given.reason)  # type: ignore[arg-type]
    return told(responses_of(request).get(pk=pk))


@router.post("/responses/{pk}/withdrawal", response=ResponseOut, operation_id="withdraw_response")
@needs("surveys.edit")
def withdraw_response(request: HttpRequest, pk: uuid.UUID, reason: str = "") -> Any:
    """Let the answers count no more."""
    response = get_object_or_404(responses_of(request), pk=pk)
    actions.withdraw_response(response, by=request.user, reason=reason)  # type: ignore[arg-type]
    return told(responses_of(request).get(pk=pk))
