"""Files of changes, written at a set time into a folder below the outbox."""

from __future__ import annotations

import csv
import datetime as dt
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from dangol.sources.outgoing.feed import LeftBehind, Position, changes_after
from dangol.sources.outgoing.forgetting import begin_anew
from dangol.sources.outgoing.models import Delivery, Subscriber, Way
from dangol.sources.outgoing.payloads import items_of
from dangol.sources.outgoing.rights import owner_may_read, tell
from dangol.sources.outgoing.sending import LADDER, alone
from dangol.sources.scheduling.timing import next_moment

log = logging.getLogger(__name__)

NOT_WRITTEN = gettext_noop(
    "The file cannot be written (%(why)s). See whether the folder “%(folder)s” below the outbox can be"
    " written to and the disk has room; what changed waits meanwhile."
)
PART = 1000
"""Rows of a file that are read at once."""
COLUMNS = {
    "customer": ["id", "change", "merged_into", "kind", "name", "given_name", "family_name", "born_on", "gender",
                 "language", "tier", "home_site", "phone", "email", "address", "merged_ids", "source_keys", "updated_at"],
    "transaction": ["id", "change", "customer_id", "kind", "at", "site", "staff", "amount", "currency", "source",
                    "source_key", "note", "lines"],
    "site": ["id", "change", "code", "name", "name_en", "kind", "site_kind", "parent", "phone", "address", "time_zone",
             "latitude", "longitude", "closed_at"],
    "product": ["id", "change", "code", "name", "name_en", "parent", "ended_on", "gone_at"],
}  # fmt: skip


def line_of(entity: str, item: dict[str, Any]) -> list[str]:
    """A changed row as a line: lists as JSON, the preferred way to reach a customer as columns.

    Programs read it: a value stands there as the API says it, also one that a spreadsheet would run.
    """
    said = dict(item)
    said["change"] = "merged" if item.get("merged_into") else "deleted" if item.get("deleted") else "changed"  # fmt: skip
    for point in reversed(item.get("contact_points", [])):
        said[point["kind"]] = point["value"]
    cells = []
    for name in COLUMNS[entity]:
        value = said.get(name)
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
        cells.append("" if text is None else str(text))
    return cells


def due() -> list[Subscriber]:
    """Whose time has come; who is owed everything waits until it is noted."""
    found = Subscriber.objects.filter(way=Way.FILE, ended_at=None, disabled_at=None)
    return list(found.filter(next_at__lte=timezone.now(), everything_asked_at=None))


def drop(subscriber: Subscriber) -> Path | None:
    """Write all changes since the last file; the file is there whole, then the position moves."""
    with alone(subscriber) as mine:
        if not mine:
            return None
        subscriber.refresh_from_db()  # another worker may have written a file meanwhile
        if subscriber.ended_at or subscriber.disabled_at or not owner_may_read(subscriber):
            return None
        try:
            return write_all(subscriber)
        except LeftBehind as gone:
            begin_anew(subscriber, gone.kept_after, by=None)
            return None
        except OSError as failure:
            log.warning("the file for %s cannot be written: %s", subscriber.name, failure)
            failed(subscriber, failure.strerror or type(failure).__name__)
            return None


@transaction.atomic
def failed(subscriber: Subscriber, why: str, at: dt.datetime | None = None) -> None:
    """Write down that a file could not be written: it is tried again by the ladder of the webhooks,
    people are told at the first failure, and after the last one nothing is tried any more."""
    now = at or timezone.now()
    found = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    trouble = {"reason": NOT_WRITTEN, "facts": {"why": why, "folder": found.address}}
    found.failures, found.trouble = found.failures + 1, trouble
    line = open_line(found) or Delivery(subscriber=found, body="")
    line.tries, line.tried_at, line.trouble = line.tries + 1, now, trouble
    if found.failures >= len(LADDER):
        found.disabled_at = line.given_up_at = now
        line.next_at = None
    else:
        found.next_at = line.next_at = now + dt.timedelta(seconds=LADDER[found.failures])
    found.save(update_fields=["failures", "trouble", "disabled_at", "next_at"])
    line.save()
    if found.failures == 1 or found.disabled_at:
        tell(found, lambda: f"{found.name}: {found.why}")


def open_line(subscriber: Subscriber) -> Delivery | None:
    """The line of the log that says that a file could not be written yet."""
    return subscriber.deliveries.filter(delivered_at=None, given_up_at=None).first()


def write_all(subscriber: Subscriber) -> Path | None:
    """The file of one who is alone with the subscriber; none when nothing changed."""
    folder = Path(settings.OUTBOX) / subscriber.address
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f".{subscriber.entity}-{subscriber.pk}.part"
    position, count = (subscriber.after_xid, subscriber.after_id), 0
    try:
        with beside.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow(COLUMNS[subscriber.entity])
            for lines, reached in parts_after(subscriber.entity, position):
                writer.writerows(lines)
                position, count = reached, count + len(lines)
            out.flush()
            os.fsync(out.fileno())
        path = shown(subscriber, beside, position) if count else None
    finally:
        beside.unlink(missing_ok=True)
    moved(subscriber, position, path.name if path else "", count)
    return path


def parts_after(entity: str, position: Position) -> Iterator[tuple[list[list[str]], Position]]:
    """The lines of all changes after a position, part by part, with the position after each part."""
    more = True
    while more:
        told = changes_after(entity, position, limit=PART)
        items = items_of(entity, told.keys) if told.keys else []
        more, position = told.more and bool(told.keys), told.position
        yield [line_of(entity, item) for item in items], position


def shown(subscriber: Subscriber, beside: Path, position: Position) -> Path:
    """The whole file under its name, which outlasts a power cut."""
    day = timezone.now().astimezone(ZoneInfo(settings.TIME_ZONE))
    path = beside.with_name(f"{subscriber.entity}-{day:%Y%m%d-%H%M}-{position[1]}.csv")
    os.replace(beside, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return path


@transaction.atomic
def moved(subscriber: Subscriber, position: Position, name: str, count: int) -> None:
    """The position after a file, and the file in the log."""
    now = timezone.now()
    found = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    found.after_xid, found.after_id = position
    found.next_at = next_moment(found.schedule, now)
    found.failures, found.trouble = 0, None
    found.save(update_fields=["after_xid", "after_id", "next_at", "failures", "trouble"])
    before = open_line(found)
    if name or before:
        line = before or Delivery(subscriber=found)
        line.body = line.answer = name
        line.changes, line.tries, line.status, line.trouble = count, line.tries + 1, 200, None
        line.tried_at = line.delivered_at = now
        line.upto_xid, line.upto_id, line.next_at = *position, None
        line.save()
