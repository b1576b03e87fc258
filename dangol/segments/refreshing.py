"""Counting segments again: who came, who left, how large each is now.

One count at a time on however many machines; each segment in a transaction of its own, so that a
crash in the middle leaves some counted and the others as they were.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Iterator

import numpy as np
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.alone import alone
from dangol.core.events import publish
from dangol.core.live import announce
from dangol.segments import members
from dangol.segments import rules as r
from dangol.segments.counting import kept_to
from dangol.segments.deciding import Circle, SegmentGone, expanded
from dangol.segments.events import MembersChanged
from dangol.segments.listing import awaited
from dangol.segments.models import Refresh, Segment, SegmentVersion, SizeDay
from dangol.segments.queries import newest_versions, open_segments, rule_of, rules_by_key
from dangol.segments.reading import BadRule
from dangol.segments.state import State, bring, measures_in, wanted_elsewhere
from dangol.segments.state.bits import Bits, minus, numbers_of
from dangol.segments.state.bits import size as bits_size
from dangol.warehouse.engine import Lake, lake
from dangol.warehouse.sources import NUMBER

REMEMBERED = dt.timedelta(days=7)
REFRESH = "segments refresh"
"""One count at a time."""
Numbers = np.ndarray


def refresh_segments(
    only: Iterable[uuid.UUID] | None = None, *, day: dt.date | None = None,
    run: Refresh | None = None, seen: Lake | None = None,
) -> Refresh | None:  # fmt: skip
    """Count what is no longer as the newest lake, rule and day say; None where all is.

    Raises Busy where another count is under way, NoLake where nothing was copied yet.
    """
    with alone(REFRESH):
        today = day or timezone.localdate()
        seen = seen or lake()
        due = stale(seen.version, today, only)
        if not due and run is None:
            keep_for_others(seen, today)
            return None
        Refresh.objects.filter(created_at__lt=timezone.now() - REMEMBERED).delete()
        run = run or Refresh()
        run.started_at, run.total, run.lake_version = timezone.now(), len(due), seen.version
        run.save()
        try:
            for segment, version, found in decided(due, seen, today):
                came, went = apply(segment, version, found, seen, today)
                run.entered, run.left, run.done = run.entered + came, run.left + went, run.done + 1
                run.save(update_fields=["entered", "left", "done"])
        except Exception as failure:
            run.failure = f"{type(failure).__name__}: {failure}"[:2000]
            raise
        finally:
            run.finished_at = timezone.now()
            run.save()
        return run


Due = list[tuple[Segment, SegmentVersion]]


def stale(version: int, day: dt.date, only: Iterable[uuid.UUID] | None = None) -> Due:
    """The open segments that were counted by another lake, rule or day; a rule that asks for a
    segment is as old as that one. One made while these are read waits for the next time."""
    rows = open_segments() if only is None else open_segments().filter(pk__in=list(only))
    newest = {v.segment_id: v for v in newest_versions(rows.order_by().values("pk"))}
    known = rows.filter(pk__in=newest).select_related("place").order_by("created_at")
    fresh = {
        s.pk for s in known
        if (s.lake_version, s.counted_on, s.counted_number) == (version, day, newest[s.pk].number)
    }  # fmt: skip
    moved = len(fresh) < len(newest)
    return [
        (s, newest[s.pk]) for s in known
        if s.pk not in fresh or (moved and '"segment"' in json.dumps(newest[s.pk].rule))
    ]  # fmt: skip


def decided(due: Due, seen: Lake, day: dt.date) -> Iterator[tuple[Segment, SegmentVersion, Bits]]:
    """The members of each; a rule that cannot be asked is told on its segment and left out."""
    everything = {v.segment_id: v for v in newest_versions(open_segments().order_by().values("pk"))}
    rules = readable(everything, {s.pk for s, _v in due}, seen)
    state = bring(seen, day, [*measures_in(*rules.values()), *wanted_elsewhere()])
    deciding = state.deciding()
    for segment, version in due:
        if segment.pk in rules:
            yield segment, version, state.found(rules[segment.pk], deciding)


def keep_for_others(seen: Lake, day: dt.date) -> None:
    """Bring the state on for other apps where no segment has to be counted."""
    wanted, state = wanted_elsewhere(), State.newest()
    moment = state and (state.version, state.token, state.day)
    if not wanted or (
        moment == (seen.version, seen.manifest.token, day) and all(map(state.has, wanted))
    ):  # type: ignore[union-attr]
        return
    versions = {v.segment_id: v for v in newest_versions(open_segments().order_by().values("pk"))}
    bring(seen, day, [*measures_in(*readable(versions, set(), seen).values()), *wanted])


def readable(
    versions: dict[uuid.UUID, SegmentVersion], due: set[uuid.UUID], seen: Lake
) -> dict[uuid.UUID, r.Rule]:
    """The rules that can be asked, other segments' rules in their places; the due ones say why not.

    One that asks for a list which the lake does not have yet waits for the next version."""
    rules: dict[uuid.UUID, r.Rule] = {}
    by_key = rules_by_key()
    for segment in open_segments().filter(pk__in=versions).select_related("place"):
        try:
            rule = expanded(rule_of(versions[segment.pk]), by_key)
        except (BadRule, Circle, SegmentGone) as wrong:
            told = why_not(wrong)
            if segment.pk in due:
                Segment.objects.filter(pk=segment.pk).update(failure=told[:500])
            continue
        if not awaited(rule, seen):
            rules[segment.pk] = kept_to(rule, segment.place)
    return rules


def why_not(wrong: BadRule | Circle | SegmentGone) -> str:
    """Why a rule cannot be asked, as its segment says it."""
    match wrong:
        case BadRule():
            return "; ".join(wrong.messages)
        case Circle():
            return _("A segment cannot ask for itself, not even through another.")
    return _("Something that the rule names is gone.")


@transaction.atomic
def apply(
    segment: Segment, version: SegmentVersion, found: Bits, seen: Lake, day: dt.date
) -> tuple[int, int]:
    """Let the members be these; how many came and how many left.

    The first count over a lake that knows anybody fills the segment: nobody entered or left it.
    """
    row = Segment.objects.select_for_update(of=("self",)).get(pk=segment.pk)
    now, before = timezone.now(), members.kept(row)
    came, went = numbers_of(minus(found, before)), numbers_of(minus(before, found))
    first = row.filled_at is None
    filled = now if first and seen.manifest.tables["customers"].rows else row.filled_at
    entered = write(row, came, day, now, entered=True, told=not first) if len(came) else 0
    left = write(row, went, day, now, entered=False, told=not first) if len(went) else 0
    mark = uuid.uuid4() if len(came) or len(went) or row.mark is None else row.mark
    if mark != row.mark:
        members.keep(row, mark, found)
        transaction.on_commit(lambda: members.forget(row, mark))
    size = bits_size(found)
    came_n, left_n = (0, 0) if first else (entered, left)
    Segment.objects.filter(pk=row.pk).update(
        size=size, counted_at=now, filled_at=filled, counted_on=day, counted_number=version.number,
        lake_version=seen.version, mark=mark, failure="",
    )  # fmt: skip
    note_size(row, day, size, came_n, left_n)
    if came_n or left_n:
        happened = MembersChanged(
            subject_id=row.pk, place_id=row.place_id, size=size, entered=came_n, left=left_n
        )
        publish(happened, at=now)
    announce(f"segment:{row.pk}", {"size": size})
    return came_n, left_n


def note_size(segment: Segment, day: dt.date, size: int, entered: int, left: int) -> None:
    """Write the day's size; what came and went adds up over the day."""
    row, _made = SizeDay.objects.get_or_create(segment=segment, day=day, defaults={"size": size})
    row.size, row.entered, row.left = size, row.entered + entered, row.left + left
    row.save()


def write(
    segment: Segment, numbers: Numbers, day: dt.date, now: dt.datetime, *, entered: bool, told: bool
) -> int:
    """Bring rows in or take them out, and write down the change; a customer who is gone is left out,
    and who is merged away at this moment goes before or after it."""
    given = {"segment": segment.pk, "day": day, "now": now, "entered": entered}
    given["numbers"] = numbers.tolist()
    who = (
        f"SELECT c.id FROM unnest(%(numbers)s::bigint[]) n(no)"
        f" JOIN customers_customer c ON c.{NUMBER} = n.no FOR KEY SHARE OF c"
    )
    if entered:
        done = (
            "INSERT INTO segments_membership (segment_id, customer_id, since)"
            f" SELECT %(segment)s, w.id, %(day)s FROM ({who}) w"
            " ON CONFLICT DO NOTHING RETURNING customer_id"
        )
    else:
        done = (
            f"DELETE FROM segments_membership m USING ({who}) w WHERE m.segment_id = %(segment)s"
            " AND m.customer_id = w.id RETURNING m.customer_id"
        )
    noted = (
        "INSERT INTO segments_change (segment_id, customer_id, entered, day, at)"
        " SELECT %(segment)s, d.customer_id, %(entered)s, %(day)s, %(now)s FROM done d"
        if told else "SELECT 1 FROM done"
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(f"WITH done AS ({done}) {noted}", given)
        return int(cursor.rowcount)
