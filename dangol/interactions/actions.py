"""Writes over conversations: each mark is made once, in order; a repeated or late one changes nothing."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.customers.models import ContactPoint, Customer
from dangol.interactions.events import InteractionEnded, InteractionOpened
from dangol.interactions.models import Channel, Interaction, Outcome, Thread
from dangol.places.models import Place
from dangol.purchases.models import Transaction

INSTANTS = ["queued_at", "ringing_at", "answered_at", "ended_at", "wrapped_at"]


@transaction.atomic
def begin_thread(
    customer: Customer,
    *,
    begun_by: str,
    by: User | None,
    at: dt.datetime | None = None,
    place: Place | None = None,
    about: Transaction | None = None,
) -> Thread:
    """Begin one turn of the loop with a customer."""
    return Thread.objects.create(
        customer=customer, place=place, transaction=about, begun_by=begun_by,
        created_at=at or timezone.now(),
    )  # fmt: skip


@transaction.atomic
def end_thread(thread: Thread, *, by: User | None, at: dt.datetime | None = None) -> bool:
    """End one turn: the customer is content or gone; a second time changes nothing."""
    ended = Thread.objects.filter(pk=thread.pk, ended_at=None).update(ended_at=at or timezone.now())
    return bool(ended)


@transaction.atomic
def open_interaction(
    customer: Customer,
    *,
    by: User | None,
    at: dt.datetime | None = None,
    thread: Thread | None = None,
    place: Place | None = None,
    agent: User | None = None,
    contact_point: ContactPoint | None = None,
    channel: str = Channel.PHONE,
    outbound: bool = True,
    purpose: str = "",
    key: uuid.UUID | None = None,
) -> Interaction:
    """Begin a conversation; the same key gives the same conversation again."""
    if key and (known := Interaction.objects.filter(pk=key).first()):
        return known
    interaction = Interaction(
        customer=customer, thread=thread, place=place, agent=agent, contact_point=contact_point,
        channel=channel, outbound=outbound, purpose=purpose, queued_at=at or timezone.now(),
    )  # fmt: skip
    if key:
        interaction.pk = key
    interaction.save(force_insert=True)
    event = InteractionOpened(
        subject_id=interaction.pk, thread_id=interaction.thread_id, customer_id=customer.pk,
        place_id=interaction.place_id, channel=channel, outbound=outbound, purpose=purpose,
    )  # fmt: skip
    publish(event, by=by, at=interaction.queued_at)
    return interaction


def _mark(interaction: Interaction, instant: str, at: dt.datetime | None) -> Interaction:
    """Write one instant unless it, or a later one, is already there; never before an earlier one."""
    row = Interaction.objects.select_for_update(of=("self",)).get(pk=interaction.pk)
    position = INSTANTS.index(instant)
    if not any(getattr(row, later) for later in INSTANTS[position:]):
        earlier = [moment for name in INSTANTS[:position] if (moment := getattr(row, name))]
        setattr(row, instant, max([at or timezone.now(), *earlier]))
        row.save(update_fields=[instant])
    return row


@transaction.atomic
def mark_ringing(interaction: Interaction, *, by: User | None, at: dt.datetime | None = None) -> Interaction:  # fmt: skip
    """The other side rings."""
    return _mark(interaction, "ringing_at", at)


@transaction.atomic
def mark_answered(interaction: Interaction, *, by: User | None, at: dt.datetime | None = None) -> Interaction:  # fmt: skip
    """Somebody answered."""
    return _mark(interaction, "answered_at", at)


@transaction.atomic
def mark_ended(
    interaction: Interaction,
    *,
    by: User | None,
    at: dt.datetime | None = None,
    outcome: str = "",
    recording: str = "",
) -> Interaction:
    """The conversation is over; what the line says of it is kept until a person says more."""
    row = _mark(interaction, "ended_at", at)
    if recording and not row.recording:
        Interaction.objects.filter(pk=row.pk).update(recording=recording)
        row.recording = recording
    if outcome and not row.outcome:
        Interaction.objects.filter(pk=row.pk).update(outcome=outcome)
        row.outcome = outcome
    return row


@transaction.atomic
def mark_wrapped(
    interaction: Interaction,
    *,
    by: User | None,
    outcome: str,
    note: str = "",
    at: dt.datetime | None = None,
) -> Interaction:
    """The agent is done: outcome and note are final; a second time changes nothing."""
    row = Interaction.objects.select_for_update(of=("self",)).get(pk=interaction.pk)
    if row.wrapped_at:
        return row
    if not row.ended_at:
        _mark(row, "ended_at", at)
    row = _mark(row, "wrapped_at", at)
    row.outcome, row.note = Outcome(outcome), note
    row.save(update_fields=["outcome", "note"])
    event = InteractionEnded(
        subject_id=row.pk, thread_id=row.thread_id, customer_id=row.customer_id,
        place_id=row.place_id, channel=row.channel, outcome=row.outcome,
    )  # fmt: skip
    publish(event, by=by, at=row.wrapped_at)
    return row


@transaction.atomic
def correct_note(interaction: Interaction, note: str, *, by: User) -> Interaction:
    """Change the words noted about a conversation; the earlier ones stay in the audit."""
    row = Interaction.objects.select_for_update(of=("self",)).get(pk=interaction.pk)
    if row.note != note:
        record_change("correct_note", row, by=by, changes={"note": [row.note, note]})
        row.note = note
        row.save(update_fields=["note"])
    return row
