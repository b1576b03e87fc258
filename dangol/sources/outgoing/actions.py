"""Writes over subscribers: who is kept in step, from where on, what is sent again."""

from __future__ import annotations

import datetime as dt
import logging
import re

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.core.sealing import seal
from dangol.sources.connecting import Unreachable, Unusable
from dangol.sources.connecting.web import looked_at, read_address
from dangol.sources.outgoing.feed import forgotten_after, numbered_so_far, settled_before
from dangol.sources.outgoing.forgetting import begin_anew
from dangol.sources.outgoing.models import Delivery, FeedEntity, Subscriber, Way
from dangol.sources.outgoing.rights import check_reader, may_read
from dangol.sources.outgoing.signing import new_secret
from dangol.sources.scheduling.timing import check_schedule, next_moment

log = logging.getLogger(__name__)

FOLDER = re.compile(r"[\w-][\w .-]{0,60}(/[\w-][\w .-]{0,60}){0,4}")


@transaction.atomic
def subscribe(
    *, name: str, entity: str, way: str, address: str = "", schedule: str = "",
    everything: bool = False, by: User | None, at: dt.datetime | None = None,
) -> tuple[Subscriber, str]:  # fmt: skip
    """Keep a system in step from now on, or from everything that there is; its secret, shown once.

    Nobody is waited for and nobody waits: a job notes everything, and what a transaction that is
    open now has written as soon as it is over (see beginning.py).
    """
    if entity not in FeedEntity or way not in Way:
        raise ValidationError(_("There is no such feed."))
    check_reader(by, entity)
    if not name.strip():
        raise ValidationError({"name": _("Say which system it is.")})
    address, line = check_address(way, address.strip()), check_schedule(schedule)
    if way == Way.FILE and not line:
        raise ValidationError({"schedule": _("Say when the file is written.")})
    secret = new_secret() if way == Way.WEBHOOK else ""
    found = Subscriber.objects.create(
        name=name.strip()[:80], entity=entity, way=way, address=address,
        schedule=line, next_at=next_moment(line, at or timezone.now()), by=by,
        secret=seal(secret) if secret else "",
        everything_asked_at=(at or timezone.now()) if everything else None,
    )  # fmt: skip
    found.begins_after = settled_before()
    found.after_xid, found.after_id = max(found.begins_after - 1, 0), numbered_so_far()
    found.save()
    record_change(
        "subscribe", found, by=by, changes={"address": [None, address], "way": [None, way]}
    )
    return found, secret


def check_address(way: str, address: str) -> str:
    """A web address that may be reached, or a folder below the outbox."""
    if way == Way.WEBHOOK:
        check_receiver(address)
    if way == Way.FILE and (not FOLDER.fullmatch(address) or ".." in address):
        raise ValidationError({"address": _("Name a folder below the outbox, such as erp/customers.")})  # fmt: skip
    if way == Way.API and address:
        raise ValidationError({"address": _("A system that asks the API has no address.")})
    return address


def check_receiver(address: str) -> None:
    """Refuse a receiver that no message would be sent to; a name may become known later."""
    if not re.fullmatch(r"https?://[^\s@]{3,480}", address):
        raise ValidationError({"address": _("Write a web address that begins with https://.")})
    try:
        _parts, host, port = read_address(address)
        looked_at(host, port)
    except Unusable as failure:
        raise ValidationError({"address": failure.said}) from None
    except Unreachable as failure:
        log.info("a subscriber's host is not known yet: %s", failure)


@transaction.atomic
def end_subscriber(
    subscriber: Subscriber, *, by: User | None, at: dt.datetime | None = None
) -> None:
    """Keep the system in step no more."""
    found = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if found.ended_at is None:
        found.ended_at = at or timezone.now()
        found.save(update_fields=["ended_at"])
        Delivery.objects.filter(subscriber=found, next_at__isnull=False).update(next_at=None)
        record_change("end_subscriber", found, by=by)


@transaction.atomic
def enable_again(subscriber: Subscriber, *, by: User | None, at: dt.datetime | None = None) -> bool:
    """Send again after too many failures; what was given up comes first. Whoever says so must be
    allowed to read it, and answers for it if its owner may not any more. Whether everything is
    sent anew, because it was stopped for longer than changes are kept."""
    check_reader(by, subscriber.entity)
    found = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if found.disabled_at is None or found.ended_at:
        return False
    found.disabled_at, found.failures, found.trouble = None, 0, None
    if by and found.by and not may_read(found.by, found.entity):
        found.by = by
    if found.way == Way.FILE:
        found.next_at = at or timezone.now()
    found.save(update_fields=["disabled_at", "failures", "trouble", "by", "next_at"])
    given_up = Delivery.objects.filter(
        subscriber=found, given_up_at__isnull=False, delivered_at=None
    )
    waiting = found.deliveries.filter(delivered_at=None).values_list("upto_xid", "upto_id")
    reached = max([(found.after_xid, found.after_id), *waiting])
    given_up.update(given_up_at=None, tries=0, next_at=at or timezone.now())
    record_change("enable_again", found, by=by)
    gone = forgotten_after(found.entity, reached)
    if gone:
        begin_anew(found, gone, by=by, at=at)
    return gone is not None


@transaction.atomic
def resend(delivery: Delivery, *, by: User | None, at: dt.datetime | None = None) -> Delivery:
    """Send a message once more, under its own id; the position stays. One whose subscriber ended
    meanwhile is never sent."""
    check_reader(by, delivery.subscriber.entity)
    subscriber = Subscriber.objects.select_for_update().get(pk=delivery.subscriber_id)
    again = Delivery.objects.create(
        subscriber=subscriber, body=delivery.body, changes=delivery.changes,
        next_at=None if subscriber.ended_at else at or timezone.now(),
        repeats=delivery.repeats or delivery.pk,
    )  # fmt: skip
    record_change("resend", delivery, by=by)
    return again
