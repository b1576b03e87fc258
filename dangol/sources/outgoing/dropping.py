"""Files of changes, written at a set time into a folder below the outbox."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from dangol.sources.outgoing.feed import changes_after
from dangol.sources.outgoing.models import Delivery, Subscriber, Way
from dangol.sources.outgoing.payloads import items_of
from dangol.sources.timing import next_moment
from dangol.ui.lists.export import harmless

COLUMNS = {
    "customer": ["id", "change", "merged_into", "kind", "name", "given_name", "family_name", "born_on", "gender",
                 "language", "tier", "home_site", "phone", "email", "address", "merged_ids", "source_keys", "updated_at"],
    "transaction": ["id", "change", "customer_id", "kind", "at", "site", "staff", "amount", "currency", "source",
                    "source_key", "note", "lines"],
    "site": ["id", "change", "code", "name", "name_en", "kind", "site_kind", "parent", "phone", "address", "time_zone",
             "latitude", "longitude", "closed_at"],
}  # fmt: skip


def line_of(entity: str, item: dict[str, Any]) -> list[str]:
    """A changed row as a line: lists as JSON, the preferred way to reach a customer as columns."""
    said = dict(item)
    said["change"] = "merged" if item.get("merged_into") else "deleted" if item.get("deleted") else "changed"  # fmt: skip
    for point in reversed(item.get("contact_points", [])):
        said[point["kind"]] = point["value"]
    cells = []
    for name in COLUMNS[entity]:
        value = said.get(name)
        text = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
        cells.append(harmless("" if text is None else str(text)))
    return cells


def due() -> list[Subscriber]:
    """Whose time has come."""
    found = Subscriber.objects.filter(way=Way.FILE, ended_at=None, next_at__lte=timezone.now())
    return list(found)


def drop(subscriber: Subscriber) -> Path | None:
    """Write all changes since the last file; the file is there whole, then the position moves."""
    now = timezone.now()
    position = subscriber.after_xid, subscriber.after_id
    text, count = io.StringIO(), 0
    writer = csv.writer(text)
    writer.writerow(COLUMNS[subscriber.entity])
    more = True
    while more:
        told = changes_after(subscriber.entity, position, limit=1000)
        for item in items_of(subscriber.entity, told.keys) if told.keys else []:
            writer.writerow(line_of(subscriber.entity, item))
            count += 1
        more, position = told.more and bool(told.keys), told.position
    path = None
    if count:
        day = now.astimezone(ZoneInfo(settings.TIME_ZONE))
        name = f"{subscriber.entity}-{day:%Y%m%d-%H%M}-{position[1]}.csv"
        path = write_whole(Path(settings.OUTBOX) / subscriber.address / name, text.getvalue())
    moved(subscriber, position, path.name if path else "", count)
    return path


def write_whole(path: Path, text: str) -> Path:
    """A file that nobody sees half of."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    with beside.open("w", encoding="utf-8", newline="") as out:
        out.write("\ufeff" + text)
        out.flush()
        os.fsync(out.fileno())
    os.replace(beside, path)
    return path


@transaction.atomic
def moved(subscriber: Subscriber, position: tuple[int, int], name: str, count: int) -> None:
    """The position after a file, and the file in the log."""
    now = timezone.now()
    found = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    found.after_xid, found.after_id = position
    found.next_at = next_moment(found.schedule, now)
    found.save(update_fields=["after_xid", "after_id", "next_at"])
    if name:
        Delivery.objects.create(
            subscriber=found, body=name, changes=count, tries=1, status=200, answer=name,
            tried_at=now, delivered_at=now, upto_xid=position[0], upto_id=position[1],
        )  # fmt: skip
