"""What happens to a customer's answers: begun, drafted, completed, corrected, withdrawn."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.interactions.models import Channel, Interaction, Questionnaire, Thread
from dangol.places.models import Place
from dangol.surveys.events import ResponseCompleted, ResponseCorrected, ResponseWithdrawn
from dangol.surveys.models import Answer, Draft, Index, InvitationLink, Response, Survey
from dangol.surveys.questions import Scored, checked, own_index, scored, wants_a_call
from dangol.surveys.storing import replace_answers, rows_of, stored_answers
from dangol.surveys.tokens import hash_of, new_token

LINK_LIFE = dt.timedelta(days=14)


@transaction.atomic
def start_response(
    questionnaire: Questionnaire,
    *,
    customer: Customer,
    channel: str = Channel.PHONE,
    thread: Thread | None = None,
    interaction: Interaction | None = None,
    place: Place | None = None,
    agent: User | None = None,
    by: User | None = None,
    at: dt.datetime | None = None,
) -> Response:
    """Begin to ask the published version; what was begun in this conversation or thread goes on."""
    survey = Survey.objects.get(pk=questionnaire.pk)
    # Two clicks in one conversation wait for each other here; other conversations do not.
    for model, row in ((Thread, thread), (Interaction, interaction)):
        if row:
            model.objects.select_for_update(no_key=True).get(pk=row.pk)
    begun = begun_response(survey, thread, interaction)
    if begun:
        if begun.completed_at is None and interaction and begun.interaction_id != interaction.pk:
            begun.interaction, begun.agent, begun.channel = interaction, agent, channel
            begun.save(update_fields=["interaction", "agent", "channel"])
        return begun
    version = survey.versions.exclude(published_at=None).last()
    if version is None:
        raise ValidationError(_("This survey is not published yet."))
    place = place or (thread.place if thread else None) or customer.home_place
    return Response.objects.create(
        survey=survey,
        version=version,
        thread=thread,
        interaction=interaction,
        customer=customer,
        place=place or Place.objects.filter(parent=None)[0],
        process=survey.process,
        channel=channel,
        agent=agent,
        started_at=at or timezone.now(),
    )


def begun_response(
    survey: Survey, thread: Thread | None, interaction: Interaction | None
) -> Response | None:
    """The response of this conversation, or the one left open in this thread."""
    rows = Response.objects.select_for_update(of=("self",)).filter(survey=survey)
    if interaction and (own := rows.filter(interaction=interaction).first()):
        return own
    if thread:
        return rows.filter(thread=thread, completed_at=None, withdrawn_at=None).first()
    return None


@transaction.atomic
def save_draft_answers(
    response: Response,
    answers: dict[str, Any],
    *,
    by: User | None,
    at: dt.datetime | None = None,
) -> Draft | None:
    """Keep what was typed so far, question by question; None once the response is completed.

    Nothing is refused here: half a thought is worth keeping. None as an answer clears it.
    """
    response = locked(response)
    if response.completed_at or response.withdrawn_at:
        return None
    draft, _made = Draft.objects.get_or_create(response=response)
    known = {question["key"] for question in response.version.body}
    kept = {**draft.answers, **{k: v for k, v in answers.items() if k in known}}
    draft.answers = {k: v for k, v in kept.items() if v is not None}
    draft.saved_at, draft.saved_by = at or timezone.now(), by
    draft.save()
    return draft


@transaction.atomic
def complete_response(
    response: Response,
    answers: dict[str, Any] | None = None,
    *,
    by: User | None,
    at: dt.datetime | None = None,
) -> Response:
    """Store the answers for good (without `answers`: the drafted ones), score them, and tell.

    A second time changes nothing; if it brings other answers, they are kept beside as a draft.
    ValidationError {question: what is wrong} stores nothing.
    """
    response = locked(response)
    if answers is None:
        draft = Draft.objects.filter(response=response).first()
        answers = draft.answers if draft else {}
    if response.completed_at:
        keep_late_answers(response, answers, by, at)
        return response
    if response.withdrawn_at:
        raise ValidationError(_("This response was withdrawn."))
    at = at or timezone.now()
    body = response.version.body
    valid = checked(body, answers)
    index = Index.objects.filter(process=response.process).order_by("-number").first()
    given = scored(body, valid)
    own = own_index(given, index.weights) if index else None
    response.index, response.completed_at = index, at
    response.day = at.astimezone(ZoneInfo(response.place.time_zone)).date()
    response.save(update_fields=["index", "completed_at", "day"])
    Draft.objects.filter(response=response).delete()
    Answer.objects.bulk_create(rows_of(response, given, own))
    record_change("complete_response", response, by=by, changes={"completed_at": [None, at]})
    publish(
        described(ResponseCompleted, response, given, own, wants_a_call(body, valid)), by=by, at=at
    )
    return response


def keep_late_answers(
    response: Response, answers: dict[str, Any], by: User | None, at: dt.datetime | None
) -> None:
    """Other answers came after completion: they wait beside for a correction."""
    if answers and answers != stored_answers(response):
        Draft.objects.update_or_create(
            response=response,
            defaults={"answers": answers, "saved_at": at or timezone.now(), "saved_by": by},
        )


@transaction.atomic
def correct_response(
    response: Response,
    answers: dict[str, Any],
    *,
    by: User | None,
    at: dt.datetime | None = None,
    reason: str = "",
) -> Response:
    """Put completed answers right; figures follow at once, the audit keeps what was said before."""
    response = locked(response)
    if response.completed_at is None or response.withdrawn_at:
        raise ValidationError(_("Only a completed response can be corrected."))
    body = response.version.body
    before = stored_answers(response)
    valid = checked(body, answers)
    Draft.objects.filter(response=response).delete()
    if valid == before:
        return response
    given = scored(body, valid)
    own = own_index(given, response.index.weights) if response.index else None
    replace_answers(response, rows_of(response, given, own))
    response.corrected_at = at or timezone.now()
    response.save(update_fields=["corrected_at"])
    changes = {k: [before.get(k), valid.get(k)] for k in {*before, *valid}}
    record_change(
        "correct_response", response, by=by, reason=reason,
        changes={k: pair for k, pair in changes.items() if pair[0] != pair[1]},
    )  # fmt: skip
    publish(
        described(ResponseCorrected, response, given, own, wants_a_call(body, valid)), by=by, at=at
    )
    return response


@transaction.atomic
def withdraw_response(
    response: Response, *, by: User | None, at: dt.datetime | None = None, reason: str = ""
) -> Response:
    """Let the answers count no more; they stay to be read. A second time changes nothing."""
    response = locked(response)
    if response.withdrawn_at:
        return response
    at = at or timezone.now()
    response.withdrawn_at, response.withdrawn_by = at, by
    response.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record_change(
        "withdraw_response", response, by=by, reason=reason, changes={"withdrawn_at": [None, at]}
    )
    if response.completed_at:
        valid = stored_answers(response)
        given = scored(response.version.body, valid)
        own = own_index(given, response.index.weights) if response.index else None
        call = wants_a_call(response.version.body, valid)
        publish(described(ResponseWithdrawn, response, given, own, call), by=by, at=at)
    return response


@transaction.atomic
def invite(
    response: Response,
    *,
    by: User | None,
    at: dt.datetime | None = None,
    life: dt.timedelta = LINK_LIFE,
) -> str:
    """A personal link's token for the customer; only its hash is kept, so it is told once."""
    token = new_token()
    link = InvitationLink.objects.create(
        token_hash=hash_of(token), response=response, made_by=by,
        expires_at=(at or timezone.now()) + life,
    )  # fmt: skip
    record_change("invite", response, by=by, changes={"link": [None, link.pk]})
    return token


@transaction.atomic
def complete_by_link(
    link: InvitationLink, answers: dict[str, Any], *, at: dt.datetime | None = None
) -> Response:
    """The customer sends the answers; the link is used up."""
    link = InvitationLink.objects.select_for_update().get(pk=link.pk)
    at = at or timezone.now()
    if link.used_at is None and link.expires_at <= at:
        raise ValidationError(_("This link has expired."))
    response = complete_response(link.response, answers, by=None, at=at)
    if link.used_at is None:
        link.used_at = at
        link.save(update_fields=["used_at"])
    return response


def locked(response: Response) -> Response:
    """The response with its version and place, held until the transaction ends."""
    return (
        Response.objects.select_for_update(of=("self",))
        .select_related("version", "place", "index", "survey")
        .get(pk=response.pk)
    )


def described(
    kind: type[ResponseCompleted],
    response: Response,
    given: list[Scored],
    own: int | None,
    call_me: bool,
) -> ResponseCompleted:
    """The event that tells others about the response, which has its day since its completion."""
    assert response.day is not None
    return kind(
        subject_id=response.pk,
        thread_id=response.thread_id,
        customer_id=response.customer_id,
        place_id=response.place_id,
        interaction_id=response.interaction_id,
        questionnaire_id=response.survey_id,
        process=response.process,
        day=response.day,
        score=None if own is None else own / 1000,
        answers={
            a.question: {
                "value": a.value,
                "score": None if a.score is None else a.score / 1000,
                "text": a.text,
            }
            for a in given
        },
        call_me=call_me,
    )
