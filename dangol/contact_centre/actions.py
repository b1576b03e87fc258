"""Writes of the contact centre: agent states, and calls as the line reports them."""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.contact_centre.events import CallEnded, StateChanged
from dangol.contact_centre.models import AgentInterval, BreakReason, Call, CallEvent, Line, State
from dangol.contact_centre.telephony import driver as d
from dangol.contact_centre.telephony import telephony
from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.live import announce
from dangol.core.models import User
from dangol.interactions.actions import mark_answered, mark_ended, mark_ringing
from dangol.interactions.models import Interaction, Outcome

OUTCOME_OF_CAUSE = {
    d.BUSY: Outcome.BUSY,
    d.NO_ANSWER: Outcome.NO_ANSWER,
    d.UNALLOCATED: Outcome.WRONG_NUMBER,
    d.FAILED: Outcome.FAILED,
}


@transaction.atomic
def change_state(
    agent: User,
    state: str,
    *,
    by: User | None,
    at: dt.datetime | None = None,
    reason: str = "",
    interaction: Interaction | None = None,
) -> AgentInterval:
    """Put an agent into a state; the same state and reason again changes nothing."""
    state, at = State(state), at or timezone.now()
    if state == State.BREAK:
        reason = BreakReason(reason or BreakReason.REST)
    elif reason:
        raise ValidationError({"reason": _("Only a break has a reason.")})
    User.objects.select_for_update(no_key=True).get(pk=agent.pk)
    open_one = AgentInterval.objects.filter(agent=agent, ended_at=None).first()
    if open_one and open_one.state == state and open_one.reason == reason:
        return open_one
    before = open_one.state if open_one else State.OFFLINE
    if open_one:
        at = max(at, open_one.began_at)
        open_one.ended_at = at
        open_one.save(update_fields=["ended_at"])
    begun = AgentInterval.objects.create(
        agent=agent, state=state, reason=reason, began_at=at, changed_by=by, interaction=interaction
    )
    if by is not None and by.pk != agent.pk:
        record_change("change_state", agent, by=by, changes={"state": [before, state]})
    publish(
        StateChanged(subject_id=agent.pk, before=before, after=state, reason=reason), by=by, at=at
    )
    announce("agents:all", {"agent": agent.pk, "state": state})
    telephony().set_agent_state(agent.extension, ready=state == State.AVAILABLE, at=at)
    return begun


@transaction.atomic
def place_call(
    interaction: Interaction, number: str, *, by: User, at: dt.datetime | None = None
) -> Call:
    """Dial for a conversation; a second time gives the same call."""
    at, line = at or timezone.now(), telephony()
    call, begun = Call.objects.get_or_create(
        pk=interaction.pk,
        defaults={
            "interaction": interaction, "driver": line.name, "number": number,
            "extension": by.extension, "created_at": at,
        },
    )  # fmt: skip
    if begun:
        line.originate(call.pk, number=number, extension=by.extension, at=at)
        line.start_recording(call.pk, at=at)
        change_state(by, State.ON_CALL, by=by, at=at, interaction=interaction)
    return call


def _live_call(call: Call) -> Call | None:
    """The call, locked, if it still goes on."""
    return (
        Call.objects.select_for_update(of=("self",)).filter(pk=call.pk, ended_at=None)
        .select_related("interaction").first()
    )  # fmt: skip


@transaction.atomic
def hold_call(call: Call, *, by: User, at: dt.datetime | None = None) -> Call:
    """Let the customer wait with music."""
    at = at or timezone.now()
    if _live_call(call):
        telephony().hold(call.pk, at=at)
    return follow_call(call, at=at)


@transaction.atomic
def resume_call(call: Call, *, by: User, at: dt.datetime | None = None) -> Call:
    """Take the customer back."""
    at = at or timezone.now()
    if _live_call(call):
        telephony().resume(call.pk, at=at)
    return follow_call(call, at=at)


@transaction.atomic
def transfer_call(call: Call, to: str, *, by: User, at: dt.datetime | None = None) -> Call:
    """Hand the customer to somebody else; our part ends."""
    at = at or timezone.now()
    if live := _live_call(call):
        telephony().transfer(call.pk, to=to, at=at)
        record_change("transfer_call", live.interaction, by=by, changes={"to": [None, to]})
    return follow_call(call, at=at)


@transaction.atomic
def hang_up(call: Call, *, by: User, at: dt.datetime | None = None) -> Call:
    """End the call; a second time changes nothing."""
    at = at or timezone.now()
    if _live_call(call):
        telephony().hang_up(call.pk, at=at)
    return follow_call(call, at=at)


@transaction.atomic
def follow_call(call: Call, *, at: dt.datetime | None = None) -> Call:
    """Ask the line what happened and write down what is new."""
    at = at or timezone.now()
    known = set(CallEvent.objects.filter(call=call).values_list("event_key", flat=True))
    for event in telephony().events(call.pk, until=at):
        if event.key not in known:
            apply_event(event)
    call.refresh_from_db()
    return call


@transaction.atomic
def apply_event(event: d.LineEvent) -> bool:
    """Write one event of the line; a repeated one, or one after the end, changes nothing."""
    call = Call.objects.select_for_update(of=("self",)).select_related("interaction").filter(
        pk=event.call_id
    ).first()  # fmt: skip
    if call is None:
        return False
    _row, fresh = CallEvent.objects.get_or_create(
        call=call, event_key=event.key,
        defaults={"kind": event.kind, "at": event.at, "detail": {"cause": event.cause, **event.detail}},
    )  # fmt: skip
    if not fresh:
        return False
    if event.kind == d.RECORDED:
        Interaction.objects.filter(pk=call.pk, recording="").update(
            recording=event.detail.get("file", "")
        )
        return True
    if call.ended_at is not None:
        return False
    _move_line(call, event)
    call.save()
    return True


def _move_line(call: Call, event: d.LineEvent) -> None:
    """Bring call and conversation to what the event says."""
    talk = call.interaction
    match event.kind:
        case d.RINGING:
            if call.line == Line.DIALLING:
                call.line = Line.RINGING
            mark_ringing(talk, by=None, at=event.at)
        case d.ANSWERED:
            call.line = Line.ANSWERED
            mark_answered(talk, by=None, at=event.at)
        case d.HELD:
            call.line, call.held_at = Line.HELD, event.at
        case d.RESUMED:
            _count_hold(call, event.at)
            call.line = Line.ANSWERED
        case d.TRANSFERRED:
            call.transferred_to = event.detail.get("to", "")
        case d.ENDED:
            _end(call, event)


def _count_hold(call: Call, at: dt.datetime) -> None:
    if call.held_at:
        call.held_seconds += max(0.0, (at - call.held_at).total_seconds())
        call.held_at = None


def _end(call: Call, event: d.LineEvent) -> None:
    """The call is over: its conversation ends, the agent wraps up, whoever listens hears."""
    _count_hold(call, event.at)
    call.line, call.cause, call.ended_at = Line.ENDED, event.cause, event.at
    outcome = OUTCOME_OF_CAUSE.get(event.cause, "")
    talk = mark_ended(call.interaction, by=None, at=event.at, outcome=outcome)
    ended_at = talk.ended_at or event.at
    seconds = (ended_at - talk.answered_at).total_seconds() if talk.answered_at else 0.0
    ended = CallEnded(
        subject_id=talk.pk, thread_id=talk.thread_id, customer_id=talk.customer_id,
        place_id=talk.place_id, interaction_id=talk.pk, outcome=outcome,
        answered=talk.answered_at is not None, talk_seconds=seconds,
    )  # fmt: skip
    publish(ended, by=None, at=ended_at)
    if talk.agent and _is_on(talk.agent, talk.pk):
        change_state(talk.agent, State.WRAP_UP, by=None, at=ended_at, interaction=talk)


def _is_on(agent: User, interaction_id: uuid.UUID) -> bool:
    return AgentInterval.objects.filter(
        agent=agent, ended_at=None, state=State.ON_CALL, interaction=interaction_id
    ).exists()
