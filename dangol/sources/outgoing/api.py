"""The change feed by program, and who is kept in step."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from dangol.core.api import After, Body, Limit, Page, Problem, may, one_of, page_of
from dangol.core.audit import record_access
from dangol.sources.outgoing import actions
from dangol.sources.outgoing.feed import (
    LeftBehind,
    changes_after,
    cursor_of,
    lies_ahead,
    position_of,
    waits_after,
)
from dangol.sources.outgoing.models import Delivery, FeedEntity, Subscriber, Way
from dangol.sources.outgoing.payloads import items_of
from dangol.sources.outgoing.queries import deliveries_of, subscribers_visible_to
from dangol.sources.outgoing.rights import check_reader

router = Router(tags=["outgoing"])


class SubscriberIn(Body):
    """A system that shall be kept in step."""

    name: str = Field(max_length=80)
    entity: FeedEntity
    way: Way
    address: str = Field("", max_length=500)
    schedule: str = Field("", max_length=60)
    everything: bool = Field(False, description="begin with everything there is")


class SubscriberOut(Schema):
    """Who is kept in step."""

    id: uuid.UUID
    name: str
    entity: str
    way: str
    address: str
    schedule: str
    failures: int
    disabled_at: dt.datetime | None
    why: str = Field("", description="what is wrong; empty when nothing is")
    beginning: bool = Field(
        description="everything, or what was being written then, is still noted"
    )
    created_at: dt.datetime


class SubscribedOut(SubscriberOut):
    """The same with its secret, which is told only now."""

    secret: str
    cursor: str


class DeliveryOut(Schema):
    """One message and what came of it."""

    id: uuid.UUID
    created_at: dt.datetime
    changes: int
    tries: int
    status: int
    answer: str
    delivered_at: dt.datetime | None
    given_up_at: dt.datetime | None
    next_at: dt.datetime | None

    @staticmethod
    def resolve_answer(row: Delivery) -> str:
        """What came back or went wrong, in the caller's language."""
        return row.told


class ChangesOut(Schema):
    """Changed rows as they are now; `cursor` asks for those after them."""

    items: list[dict[str, Any]]
    cursor: str
    more: bool = Field(
        description="more is there, is being prepared for a new subscriber, or waits for an open "
        "transaction: read on, and after an empty page ask again some seconds later; false: you have "
        "been told all"
    )


def mine(request: HttpRequest, key: uuid.UUID, ability: str = "sources.see") -> Subscriber:
    """A subscriber, for somebody with the ability."""
    return one_of(subscribers_visible_to(may(request, ability)), key, "subscriber")


@router.get("/changes", response=ChangesOut)
def list_changes(
    request: HttpRequest, subscriber_id: uuid.UUID, cursor: After = "", limit: Limit = 100
):  # type: ignore[no-untyped-def]
    """What changed since a cursor; without one, since the subscriber began. At least once, in order.

    While the beginning of a subscriber is being prepared, `more` is true also after an empty page:
    ask again with the same cursor some seconds later.
    """
    found = mine(request, subscriber_id)
    check_reader(may(request, "sources.see"), found.entity)
    try:
        position = position_of(cursor) if cursor else (found.after_xid, found.after_id)
    except ValueError:
        raise Problem(400, _("Unknown position"), _("`cursor` is not one of this feed.")) from None
    if cursor and lies_ahead(position):
        raise Problem(
            409, _("Position lies ahead"),
            _("`cursor` lies after the newest change. The database may have been brought back from an "
            "older copy: compare what you hold, then ask without a cursor."),
        )  # fmt: skip
    preparing = (
        found.beginning
    )  # before reading: what is noted meanwhile is found here or next time
    try:
        told = changes_after(found.entity, position, limit)
    except LeftBehind:
        raise Problem(
            410, _("Position forgotten"),
            _("Changes wait for 30 days, and some after this position are kept no more. Begin with everything: "
            "`POST /api/v1/subscribers` with `everything: true`, read on from its cursor, drop what you hold and "
            "did not receive, and end this subscriber."),
        ) from None  # fmt: skip
    items = items_of(found.entity, told.keys) if told.keys else []
    if found.entity == "customer":
        record_access(request, "change feed", told.keys)
    more = told.more or preparing or waits_after(found.entity, told.position)
    return {"items": items, "cursor": cursor_of(told.position), "more": more}


@router.get("/subscribers", response=Page[SubscriberOut])
def list_subscribers(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Every system that is kept in step."""
    return page_of(subscribers_visible_to(may(request, "sources.see")), "name", after, limit)


@router.post("/subscribers", response={201: SubscribedOut})
def subscribe(request: HttpRequest, body: SubscriberIn):  # type: ignore[no-untyped-def]
    """Keep a system in step from now on."""
    made, secret = actions.subscribe(
        **body.model_dump(mode="json"), by=may(request, "sources.change")
    )
    shown = SubscriberOut.from_orm(made).dict()
    return Status(
        201, {**shown, "secret": secret, "cursor": cursor_of((made.after_xid, made.after_id))}
    )


@router.delete("/subscribers/{subscriber_id}", response={204: None})
def end_subscriber(request: HttpRequest, subscriber_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Tell it nothing any more."""
    found = mine(request, subscriber_id, "sources.change")
    actions.end_subscriber(found, by=may(request, "sources.change"))
    return Status(204, None)


@router.post("/subscribers/{subscriber_id}/enabling", response=SubscriberOut)
def enable_subscriber(request: HttpRequest, subscriber_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Send again after too many failures."""
    found = mine(request, subscriber_id, "sources.run")
    actions.enable_again(found, by=may(request, "sources.run"))
    return mine(request, subscriber_id)


@router.get("/subscribers/{subscriber_id}/deliveries", response=Page[DeliveryOut])
def list_deliveries(
    request: HttpRequest, subscriber_id: uuid.UUID, after: After = "", limit: Limit = 50
):  # type: ignore[no-untyped-def]
    """What was sent, the newest first."""
    return page_of(deliveries_of(mine(request, subscriber_id)), "-created_at", after, limit)


@router.post("/deliveries/{delivery_id}/resending", response={202: DeliveryOut})
def resend_delivery(request: HttpRequest, delivery_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Send one message once more."""
    user = may(request, "sources.run")
    rows = Delivery.objects.filter(
        subscriber__in=subscribers_visible_to(user), subscriber__way="webhook"
    )
    return Status(202, actions.resend(one_of(rows, delivery_id, "delivery"), by=user))
