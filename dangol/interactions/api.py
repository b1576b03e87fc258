"""Conversations by program."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field, field_validator

from dangol.core.api import After, Body, Limit, Page, may, one_of, page_of
from dangol.core.audit import record_access
from dangol.core.masking import shown_words
from dangol.customers.by_id import customer_or_problem
from dangol.customers.queries import present_id
from dangol.interactions import actions
from dangol.interactions.models import Interaction
from dangol.interactions.queries import interactions_visible_to, threads_visible_to
from dangol.places.scope import places_visible_to

router = Router(tags=["interactions"])
MARKS = {
    "ringing": actions.mark_ringing,
    "answered": actions.mark_answered,
    "ended": actions.mark_ended,
}


class InteractionOut(Schema):
    """A conversation with its instants."""

    id: uuid.UUID
    thread_id: uuid.UUID | None
    customer_id: uuid.UUID
    place_id: uuid.UUID | None
    agent_id: uuid.UUID | None
    channel: str
    outbound: bool
    purpose: str
    queued_at: dt.datetime
    ringing_at: dt.datetime | None
    answered_at: dt.datetime | None
    ended_at: dt.datetime | None
    wrapped_at: dt.datetime | None
    outcome: str
    note: str
    recording: str

    @field_validator("note", mode="after")
    @classmethod
    def words(cls, text: str) -> str:
        """As the person asking may see it."""
        return shown_words(text)


class InteractionIn(Body):
    """A conversation to begin."""

    customer_id: uuid.UUID
    thread_id: uuid.UUID | None = None
    place_id: uuid.UUID | None = None
    channel: Literal["phone", "email", "web", "message", "visit"] = "phone"
    outbound: bool = True
    purpose: str = Field("", max_length=60)


class WrapIn(Body):
    """How it ended, in the agent's words."""

    outcome: Literal[
        "done", "refused", "call_back", "no_answer", "busy", "wrong_number", "moved", "failed"
    ]
    note: str = Field("", max_length=5000)


@router.get("/interactions", response=Page[InteractionOut])
def list_interactions(
    request: HttpRequest, after: After = "", limit: Limit = 50, customer_id: uuid.UUID | None = None
):  # type: ignore[no-untyped-def]
    """Conversations that you may see, the latest first."""
    rows = interactions_visible_to(may(request, "interactions.see"))
    if customer_id:
        rows = rows.filter(customer=present_id(customer_id))
    page = page_of(rows, "-queued_at", after, limit)
    record_access(request, "api conversations", [row.customer_id for row in page["items"]])
    return page


@router.get("/interactions/{interaction_id}", response=InteractionOut)
def get_interaction(request: HttpRequest, interaction_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """One conversation."""
    rows = interactions_visible_to(may(request, "interactions.see"))
    row = one_of(rows, interaction_id, "conversation")
    record_access(request, "api conversation", [row.customer_id])
    return row


@router.post("/interactions", response={201: InteractionOut})
def open_interaction(request: HttpRequest, body: InteractionIn):  # type: ignore[no-untyped-def]
    """Begin a conversation as its agent."""
    user = may(request, "desk.work")
    customer = customer_or_problem(user, body.customer_id)
    thread = place = None
    if body.thread_id:
        threads = threads_visible_to(user).filter(customer=customer)
        thread = one_of(threads, body.thread_id, "thread of this customer")
    if body.place_id:
        place = one_of(places_visible_to(user, "interactions.see"), body.place_id, "place")
    return Status(201, actions.open_interaction(
        customer, thread=thread, place=place or (thread.place if thread else None), agent=user,
        channel=body.channel, outbound=body.outbound, purpose=body.purpose, by=user,
    ))  # fmt: skip


def own(request: HttpRequest, key: uuid.UUID) -> Interaction:
    """A conversation that the person leads; 404 otherwise."""
    user = may(request, "desk.work")
    return one_of(Interaction.objects.filter(agent=user), key, "conversation of yours")


@router.post("/interactions/{interaction_id}/marks/{mark}", response=InteractionOut)
def mark_interaction(
    request: HttpRequest, interaction_id: uuid.UUID, mark: Literal["ringing", "answered", "ended"]
):  # type: ignore[no-untyped-def]
    """Write an instant: it rings, was answered, has ended. A second time changes nothing."""
    return MARKS[mark](own(request, interaction_id), by=may(request, "desk.work"))


@router.put("/interactions/{interaction_id}/wrap-up", response=InteractionOut)
def wrap_interaction(request: HttpRequest, interaction_id: uuid.UUID, body: WrapIn):  # type: ignore[no-untyped-def]
    """Say how it ended; a second time changes nothing."""
    row = own(request, interaction_id)
    return actions.mark_wrapped(
        row, outcome=body.outcome, note=body.note, by=may(request, "desk.work")
    )
