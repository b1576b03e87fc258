"""Surveys and answers by program."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Literal

from django.db.models import F, QuerySet
from django.http import HttpRequest
from ninja import Schema, Status

from dangol.core.api import After, Body, Limit, Page, may, one_of, page_of
from dangol.core.audit import record_access
from dangol.core.masking import shown_words
from dangol.core.models import User
from dangol.customers.by_id import customer_or_problem
from dangol.interactions.models import Interaction, Questionnaire, Thread
from dangol.places.models import Place
from dangol.places.scope import places_visible_to, scoped
from dangol.surveys import actions
from dangol.surveys.api.router import router
from dangol.surveys.models import Response
from dangol.surveys.queries import responses_visible_to, surveys_visible_to
from dangol.surveys.storing import stored_answers

Process = Literal["product", "sales", "service", "confirmation", "other"]


class SurveyOut(Schema):
    """A survey; its id is the questionnaire's, which programmes name."""

    id: uuid.UUID
    key: str
    title: str
    title_en: str
    process: str


class VersionOut(Schema):
    """One wording of a survey."""

    id: uuid.UUID
    number: int
    published_at: dt.datetime | None
    body: list[dict[str, Any]]


class ResponseOut(Schema):
    """A customer's answers; `index` is the own index, 0–100."""

    id: uuid.UUID
    survey_id: uuid.UUID
    version: int
    process: str
    customer_id: uuid.UUID
    place_id: uuid.UUID
    thread_id: uuid.UUID | None
    interaction_id: uuid.UUID | None
    channel: str
    started_at: dt.datetime
    completed_at: dt.datetime | None
    withdrawn_at: dt.datetime | None
    day: dt.date | None
    index: float | None
    answers: dict[str, Any]


class StartIn(Body):
    """Whom to ask what; the conversation if there is one."""

    survey_id: uuid.UUID
    customer_id: uuid.UUID
    channel: Literal["phone", "email", "web", "message", "visit"] = "phone"
    place_id: uuid.UUID | None = None
    thread_id: uuid.UUID | None = None
    interaction_id: uuid.UUID | None = None


class AnswersIn(Body):
    """{question key: value}; a matrix has {row key: value}."""

    answers: dict[str, Any]


class CorrectionIn(AnswersIn):
    """The right answers, and why."""

    reason: str = ""


class WithdrawalIn(Body):
    """Why the answers shall count no more."""

    reason: str = ""


def told(response: Response) -> dict[str, Any]:
    """A response as the API tells it."""
    score = response.score  # type: ignore[attr-defined]
    own = {
        "version": response.version.number,
        "index": None if score is None else score / 1000,
        "answers": shown(stored_answers(response), response.version.body),
    }
    return {
        name: getattr(response, name) for name in ResponseOut.model_fields if name not in own
    } | own


def shown(answers: dict[str, Any], body: list[dict[str, Any]]) -> dict[str, Any]:
    """Answers as the person of this request may see them: what was said in own words is masked."""
    said = {question["key"] for question in body if question["type"] == "text"}
    return {key: shown_words(value) if key in said else value for key, value in answers.items()}


def responses_of(user: User, ability: str = "answers.see") -> QuerySet[Response]:
    """The responses that the person may see or put right, ready to be told."""
    rows = responses_visible_to(user, ability).annotate(score=F("own__score"))
    return rows.select_related("version").prefetch_related("answers")


@router.get("/surveys", response=Page[SurveyOut])
def list_surveys(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Every survey."""
    page = page_of(surveys_visible_to(may(request, "surveys.see")), "created_at", after, limit)
    fields = ("key", "title", "title_en", "process")
    page["items"] = [{"id": s.pk} | {f: getattr(s, f) for f in fields} for s in page["items"]]
    return page


@router.get("/surveys/{survey_id}/versions", response=list[VersionOut])
def list_survey_versions(request: HttpRequest, survey_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """The versions of a survey, oldest first."""
    return one_of(
        surveys_visible_to(may(request, "surveys.see")), survey_id, "survey"
    ).versions.all()


@router.get("/responses", response=Page[ResponseOut])
def list_responses(  # type: ignore[no-untyped-def]
    request: HttpRequest,
    after: After = "",
    limit: Limit = 50,
    process: Process | None = None,
    place_id: uuid.UUID | None = None,
    day_from: dt.date | None = None,
    day_to: dt.date | None = None,
):
    """Completed answers that you may see, newest first; at a place and below it, between two days."""
    user = may(request, "answers.see")
    rows = responses_of(user).filter(completed_at__isnull=False)
    if process:
        rows = rows.filter(process=process)
    if place_id:
        top = one_of(places_visible_to(user, "answers.see"), place_id, "place")
        rows = rows.filter(place__in=Place.objects.filter(top.within).values("pk"))
    if day_from:
        rows = rows.filter(day__gte=day_from)
    if day_to:
        rows = rows.filter(day__lte=day_to)
    page = page_of(rows, "-completed_at", after, limit)
    record_access(request, "api answers", [r.customer_id for r in page["items"]])
    page["items"] = [told(r) for r in page["items"]]
    return page


@router.get("/responses/{response_id}", response=ResponseOut)
def get_response(request: HttpRequest, response_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """One response."""
    response = one_of(responses_of(may(request, "answers.see")), response_id, "response")
    record_access(request, "api answers", [response.customer_id])
    return told(response)


@router.post("/responses", response={201: ResponseOut})
def start_response(request: HttpRequest, body: StartIn):  # type: ignore[no-untyped-def]
    """Begin to ask; what was begun in this conversation or thread goes on."""
    user = may(request, "desk.work")
    customer = customer_or_problem(user, body.customer_id)
    place = thread = interaction = None
    if body.place_id:
        place = one_of(places_visible_to(user, "desk.work"), body.place_id, "place")
    if body.thread_id:
        thread = one_of(Thread.objects.filter(customer=customer), body.thread_id, "thread")
    if body.interaction_id:
        talks = scoped(Interaction.objects.filter(customer=customer), user, "interactions.see")
        interaction = one_of(talks, body.interaction_id, "interaction")
    response = actions.start_response(
        one_of(Questionnaire.objects.filter(survey__isnull=False), body.survey_id, "survey"),
        customer=customer, channel=body.channel, thread=thread, interaction=interaction,
        place=place, agent=user, by=user,
    )  # fmt: skip
    return Status(201, told(one_of(responses_of(user), response.pk, "response")))


@router.put("/responses/{response_id}/answers", response=ResponseOut)
def complete_response(request: HttpRequest, response_id: uuid.UUID, body: AnswersIn):  # type: ignore[no-untyped-def]
    """Store the answers for good; a second time changes nothing."""
    user = may(request, "desk.work")
    response = one_of(responses_of(user), response_id, "response")
    actions.complete_response(response, body.answers, by=user)
    return told(one_of(responses_of(user), response_id, "response"))


@router.post("/responses/{response_id}/correction", response=ResponseOut)
def correct_response(request: HttpRequest, response_id: uuid.UUID, body: CorrectionIn):  # type: ignore[no-untyped-def]
    """Put completed answers right."""
    user = may(request, "answers.correct")
    response = one_of(responses_of(user, "answers.correct"), response_id, "response")
    actions.correct_response(response, body.answers, by=user, reason=body.reason)
    return told(one_of(responses_of(user), response_id, "response"))


@router.post("/responses/{response_id}/withdrawal", response=ResponseOut)
def withdraw_response(request: HttpRequest, response_id: uuid.UUID, body: WithdrawalIn):  # type: ignore[no-untyped-def]
    """Let the answers count no more."""
    user = may(request, "answers.correct")
    response = one_of(responses_of(user, "answers.correct"), response_id, "response")
    actions.withdraw_response(response, by=user, reason=body.reason)
    return told(one_of(responses_of(user), response_id, "response"))
