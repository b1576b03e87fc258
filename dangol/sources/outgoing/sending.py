"""Messages on their way: one after the other for each subscriber, tried again by the ladder."""

from __future__ import annotations

import datetime as dt
import json
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.sealing import unseal
from dangol.sources.connecting import Trouble
from dangol.sources.connecting.web import request
from dangol.sources.outgoing.feed import LeftBehind, Position, changes_after, lies_ahead
from dangol.sources.outgoing.forgetting import begin_anew
from dangol.sources.outgoing.models import Delivery, Subscriber, Way
from dangol.sources.outgoing.payloads import items_of
from dangol.sources.outgoing.rights import owner_may_read, tell
from dangol.sources.outgoing.signing import headers

LADDER = (0, 5, 300, 1800, 7200, 18_000, 36_000, 36_000)
"""Seconds before each try."""
AT_ONCE = 200
"""Messages to one subscriber in one go."""


@contextmanager
def alone(subscriber: Subscriber) -> Iterator[bool]:
    """Whether nobody else sends to this subscriber meanwhile."""
    key = subscriber.pk.int & (2**62 - 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def send_all(subscriber: Subscriber) -> int:
    """Send what waits and may go; how many messages arrived."""
    count = 0
    with alone(subscriber) as mine:
        while mine and count < AT_ONCE:
            delivery = waiting_or_next(subscriber)
            if delivery is None or not attempt(delivery):
                break
            count += 1
    return count


def waiting_or_next(subscriber: Subscriber, at: dt.datetime | None = None) -> Delivery | None:
    """The message whose turn it is: the oldest that waits, once its time has come, else a new one."""
    now = at or timezone.now()
    subscriber.refresh_from_db()
    if subscriber.disabled_at or subscriber.ended_at or not owner_may_read(subscriber):
        return None
    open_ones = subscriber.deliveries.filter(next_at__isnull=False)
    waiting = open_ones.order_by("created_at", "pk").first()
    if waiting is not None:
        return waiting if waiting.next_at and waiting.next_at <= now else None
    return next_message(subscriber, now)


@transaction.atomic
def next_message(subscriber: Subscriber, now: dt.datetime) -> Delivery | None:
    """A message of the next changes, kept before it is sent, so that its id survives a crash; none
    for one who ended meanwhile, or who has to begin anew first."""
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if subscriber.ended_at or subscriber.disabled_at:
        return None
    try:
        told = changes_after(subscriber.entity, (subscriber.after_xid, subscriber.after_id))
    except LeftBehind as gone:
        begin_anew(subscriber, gone.kept_after, by=None, at=now)
        return None
    if not told.keys:
        return None
    items = items_of(subscriber.entity, told.keys)
    body = {
        "type": f"{subscriber.entity}.changed", "timestamp": now.isoformat(),
        "data": {"items": items, "cursor": f"{told.position[0]}.{told.position[1]}"},
    }  # fmt: skip
    return Delivery.objects.create(
        subscriber=subscriber, body=json.dumps(body, ensure_ascii=False), changes=len(items),
        upto_xid=told.position[0], upto_id=told.position[1], next_at=now,
    )  # fmt: skip


def attempt(delivery: Delivery) -> bool:
    """One try; whether it arrived."""
    subscriber = delivery.subscriber
    body = delivery.body.encode()
    told = f"msg_{(delivery.repeats or delivery.pk).hex}"
    try:
        secret = unseal(subscriber.secret)
        answer = request(
            "POST", subscriber.address, headers=headers(secret, told, int(time.time()), body),
            body=body, largest=65_536,
        )  # fmt: skip
    except Trouble as failure:
        return settle(delivery.pk, 0, "", trouble=failure)
    said = answer.body[:500].decode("utf-8", "replace").replace("\x00", "")
    return settle(delivery.pk, answer.status, said)


@transaction.atomic
def settle(
    key: uuid.UUID, status: int, said: str, at: dt.datetime | None = None, *,
    trouble: Trouble | None = None,
) -> bool:  # fmt: skip
    """Write down what came of a try: position forward, another try, or nothing more is sent.

    The subscriber is locked before its message, as everywhere; once it has ended nothing is tried.
    """
    now = at or timezone.now()
    subscriber = Subscriber.objects.select_for_update().get(deliveries=key)
    delivery = Delivery.objects.select_for_update().get(pk=key)
    delivery.tries += 1
    delivery.status, delivery.answer, delivery.tried_at = status, said[:500], now
    delivery.trouble = trouble and {"reason": trouble.reason, "facts": trouble.facts}
    arrived = 200 <= status < 300
    if arrived:
        delivery.delivered_at, delivery.next_at = now, None
        subscriber.failures = 0
        if delivery.upto_xid:
            move_on(subscriber, (delivery.upto_xid, delivery.upto_id))
    elif subscriber.ended_at:
        delivery.given_up_at, delivery.next_at = now, None
    elif status == 410 or delivery.tries >= len(LADDER):
        delivery.given_up_at, delivery.next_at = now, None
        disable(subscriber, now)
    else:
        subscriber.failures += 1
        delivery.next_at = now + dt.timedelta(seconds=LADDER[delivery.tries])
    delivery.save()
    subscriber.save(update_fields=["failures", "after_xid", "after_id", "disabled_at"])
    return arrived


def move_on(subscriber: Subscriber, upto: Position) -> None:
    """The position after what arrived; one that began anew stands further on already. A position
    that lies ahead is of a time before the database was brought back from a copy."""
    stands = (subscriber.after_xid, subscriber.after_id)
    if upto > stands or lies_ahead(stands):
        subscriber.after_xid, subscriber.after_id = upto


def disable(subscriber: Subscriber, now: dt.datetime) -> None:
    """Nothing is sent any more until somebody says so; those who care are told."""
    subscriber.disabled_at = now
    tell(subscriber, lambda: _("%(name)s does not take changes any more; sending has stopped.") % {"name": subscriber.name})  # fmt: skip


def webhooks() -> list[Subscriber]:
    """Those who are told by webhook."""
    return list(Subscriber.objects.filter(way=Way.WEBHOOK, ended_at=None, disabled_at=None))
