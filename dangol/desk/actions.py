"""Each step of a call at the desk, done once however often it is asked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.campaigns.actions import claim_next, record_outcome, release, renew_lease
from dangol.contact_centre.actions import change_state, follow_call, hang_up, place_call
from dangol.contact_centre.models import State
from dangol.contact_centre.queries import state_of
from dangol.core.anew import anew
from dangol.core.models import User
from dangol.customers.actions import check_contact_point
from dangol.customers.models import ContactPoint, ContactState
from dangol.customers.queries import usable_phones
from dangol.desk.models import Handling
from dangol.desk.one_call import clear_for_one
from dangol.interactions.actions import mark_wrapped, open_interaction
from dangol.interactions.models import Channel, Interaction, Outcome
from dangol.surveys.actions import complete_response, start_response

READY = {State.AVAILABLE, State.WRAP_UP}
SAID_OF_NUMBER: dict[str, ContactState] = {
    Outcome.WRONG_NUMBER: ContactState.WRONG,
    Outcome.MOVED: ContactState.MOVED,
    Outcome.DONE: ContactState.VERIFIED,
}
SHIFT = dt.timedelta(hours=12)
"""A dialled call stays on its desk: the customer must not be called twice because a browser closed."""


class NotReady(ValidationError):
    """The agent's state does not allow the step."""


def on_desk(agent: User) -> Handling | None:
    """The agent's open handling, locked."""
    User.objects.select_for_update(no_key=True).get(pk=agent.pk)
    rows = Handling.objects.select_for_update(of=("self",)).filter(agent=agent, finished_at=None)
    return rows.select_related(
        "target__campaign", "target__stage__questionnaire", "target__thread", "target__place",
        "target__customer", "interaction__call", "response",
    ).first()  # fmt: skip


@anew()
def take_next(agent: User, *, at: dt.datetime | None = None) -> Handling | None:
    """Bring the best due call to the desk; what lies there already stays. None: nothing is due."""
    at = at or timezone.now()
    mine = on_desk(agent)
    if mine and (mine.interaction_id or mine.target.leased_by_id == agent.pk):
        return mine
    if mine:
        _close(mine, "", at)
    state = state_of(agent)
    if state is None or state.state not in READY:
        raise NotReady(_("Set yourself available first."))
    target = claim_next(agent, at=at)
    if target is None:
        return None
    for stale in Handling.objects.select_for_update().filter(target=target, finished_at=None):
        _close(stale, "", at)
    change_state(agent, State.AVAILABLE, by=agent, at=at)
    handling = Handling.objects.create(agent=agent, target=target, opened_at=at)
    if target.stage.questionnaire:
        handling.response = start_response(
            target.stage.questionnaire, customer=target.customer, channel=Channel.PHONE,
            thread=target.thread, place=target.place, agent=agent, by=agent, at=at,
        )  # fmt: skip
        handling.save(update_fields=["response"])
    return handling


def dial(
    agent: User, *, point: ContactPoint | None = None, at: dt.datetime | None = None
) -> Handling:
    """Call the customer; while a call is under way, or was answered, a second press changes nothing.

    Refused while another desk speaks with the same person.
    """
    done = _dial(agent, point, at or timezone.now())
    if isinstance(done, str):
        raise ValidationError(done)  # after the transaction: what was closed stays closed
    return done


@anew()
def _dial(agent: User, point: ContactPoint | None, at: dt.datetime) -> Handling | str:
    handling = _needed(agent)
    if refusal := clear_for_one(handling, at):
        return refusal
    if talk := handling.interaction:
        if talk.ended_at is None or talk.answered_at:
            return handling
        _record_try(handling, talk.outcome or Outcome.FAILED, at, keep=True)
    point = point or usable_phones(handling.target.customer_id).first()
    if point is None or point.customer_id != handling.target.customer_id:
        raise ValidationError(_("There is no phone number to call."))
    target = handling.target
    talk = open_interaction(
        target.customer, thread=target.thread, place=target.place, agent=agent,
        contact_point=point, purpose=target.campaign.purpose, by=agent, at=at,
    )  # fmt: skip
    place_call(talk, point.value, by=agent, at=at)
    if handling.response and target.stage.questionnaire:
        handling.response = start_response(
            target.stage.questionnaire, customer=target.customer, channel=Channel.PHONE,
            thread=target.thread, interaction=talk, place=target.place, agent=agent, by=agent, at=at,
        )  # fmt: skip
    if handling.read_seconds == 0:
        handling.read_seconds = max(0.0, (at - handling.opened_at).total_seconds())
    # What was chosen for an earlier try says nothing about this one.
    handling.interaction, handling.outcome = talk, ""
    handling.save()
    renew_lease(target, agent, at=at + SHIFT)
    return handling


def _needed(agent: User) -> Handling:
    handling = on_desk(agent)
    if handling is None:
        raise NotReady(_("No call lies on your desk."))
    return handling


def _record_try(
    handling: Handling,
    outcome: str,
    at: dt.datetime,
    *,
    keep: bool,
    note: str = "",
    call_back_at: dt.datetime | None = None,
) -> None:
    """Wrap the conversation and write the try; `keep`: the due call stays on this desk."""
    talk = _conversation(handling)
    talk = mark_wrapped(talk, by=handling.agent, outcome=outcome, note=note, at=at)
    _count_seconds(handling, talk)
    target = record_outcome(
        handling.target, outcome, interaction=talk, by=handling.agent, at=at,
        call_back_at=call_back_at,
    )  # fmt: skip
    if keep and target.finished_at is None:
        target.leased_by, target.leased_at, target.next_at = handling.agent, at, at + SHIFT
        target.save(update_fields=["leased_by", "leased_at", "next_at"])
    elif keep:
        raise ValidationError(_("All attempts of this call are spent; finish it."))
    handling.target = target


def _conversation(handling: Handling) -> Interaction:
    """The call of the handling; NotReady before one was dialled."""
    if handling.interaction is None:
        raise NotReady(_("Call first, or give the call back."))
    return handling.interaction


def _count_seconds(handling: Handling, talk: Interaction) -> None:
    """Add the phases of a wrapped conversation to the desk's seconds."""
    if talk.ended_at is None or talk.wrapped_at is None:
        return
    turn = talk.answered_at or talk.ended_at
    held = talk.call.held_seconds if hasattr(talk, "call") else 0.0
    handling.ring_seconds += (turn - talk.queued_at).total_seconds()
    handling.hold_seconds += held
    handling.talk_seconds += max(0.0, (talk.ended_at - turn).total_seconds() - held)
    handling.wrap_seconds += (talk.wrapped_at - talk.ended_at).total_seconds()


@anew()
def pulse(agent: User, *, at: dt.datetime | None = None) -> Handling | None:
    """The desk is alive: keep the call, and hear what the line says."""
    at = at or timezone.now()
    handling = Handling.objects.filter(agent=agent, finished_at=None).select_related(
        "target", "interaction__call"
    ).first()  # fmt: skip
    if handling is None:
        return None
    talk = handling.interaction
    if talk is None:
        renew_lease(handling.target, agent, at=at)
    elif talk.ended_at is None and hasattr(talk, "call"):
        follow_call(talk.call, at=at)
    return handling


@anew()
def keep_draft(
    agent: User,
    *,
    note: str | None = None,
    outcome: str | None = None,
    call_back_at: dt.datetime | None = None,
) -> Handling:
    """Keep what was typed, so that a closed browser loses nothing."""
    handling = _needed(agent)
    if note is not None:
        handling.note = note[:5000]
    if outcome is not None:
        handling.outcome = Outcome(outcome) if outcome else ""
    if call_back_at is not None:
        handling.call_back_at = call_back_at
    handling.save(update_fields=["note", "outcome", "call_back_at"])
    return handling


@anew()
def check_point(
    agent: User,
    point: ContactPoint,
    outcome: str,
    *,
    new_value: str = "",
    at: dt.datetime | None = None,
) -> ContactPoint:
    """Write what the call said about a contact point of the customer on the desk."""
    handling = _needed(agent)
    if point.customer_id != handling.target.customer_id:
        raise ValidationError(_("This belongs to another customer."))
    talk = handling.interaction
    if outcome == ContactState.VERIFIED and not new_value and not (talk and talk.answered_at):
        raise ValidationError(_("Nobody has answered yet who could confirm it."))
    latest = point.checks.order_by("-at", "-pk").first() if talk else None
    said = (latest.interaction_id, latest.outcome) if latest else None
    if talk and not new_value and said == (talk.pk, outcome):
        return point
    return check_contact_point(
        point, outcome, by=agent, at=at, interaction_id=talk.pk if talk else None,
        place=handling.target.place, new_value=new_value or None,
    )  # fmt: skip


@anew()
def finish(
    agent: User,
    handling: Handling,
    outcome: str,
    *,
    note: str = "",
    answers: dict[str, Any] | None = None,
    call_back_at: dt.datetime | None = None,
    then: str = State.AVAILABLE,
    at: dt.datetime | None = None,
) -> Handling:
    """End the call at the desk: outcome, answers and checks are stored, the agent goes on.

    A second time, from another tab or by the back button, changes nothing.
    """
    at, outcome = at or timezone.now(), Outcome(outcome)
    mine = on_desk(agent)
    if mine is None or mine.pk != handling.pk:
        return Handling.objects.get(pk=handling.pk, agent=agent)
    talk = _conversation(mine)
    if talk.ended_at is None:
        hang_up(talk.call, by=agent, at=at)
        talk.refresh_from_db()
    if outcome == Outcome.DONE and not talk.answered_at:
        raise ValidationError({"outcome": _("Nobody answered this call.")})
    if outcome == Outcome.DONE and mine.response and not mine.response.withdrawn_at:
        complete_response(mine.response, answers, by=agent, at=at)
    _note_the_number(mine, talk, outcome, at)
    _record_try(mine, outcome, at, keep=False, note=note, call_back_at=call_back_at)
    mine.note, mine.call_back_at = note, call_back_at
    _close(mine, outcome, at)
    change_state(agent, State(then), by=agent, at=at)
    return mine


def _note_the_number(handling: Handling, talk: Interaction, outcome: str, at: dt.datetime) -> None:
    """What the call itself says about the number that was dialled, unless the agent said it already."""
    said = SAID_OF_NUMBER.get(outcome)
    point = talk.contact_point
    if said and point and not point.checks.filter(interaction_id=talk.pk).exists():
        place = handling.target.place
        check_contact_point(
            point, said, by=handling.agent, at=at, interaction_id=talk.pk, place=place
        )


def _close(handling: Handling, outcome: str, at: dt.datetime) -> None:
    handling.outcome, handling.finished_at = outcome, at
    handling.save()


@anew()
def give_back(agent: User, *, at: dt.datetime | None = None) -> bool:
    """Return a call that was not dialled to the list; a dialled one must be finished."""
    at, handling = at or timezone.now(), on_desk(agent)
    if handling is None:
        return False
    if handling.interaction_id:
        raise NotReady(_("This call was dialled: finish it with its outcome."))
    release(handling.target, agent, at=at)
    _close(handling, "", at)
    return True
