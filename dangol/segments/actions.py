"""Writes over segments: begin, change, end, and ask for a recount."""

from __future__ import annotations

import datetime as dt
from typing import Any as Anything

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.segments import rules as r
from dangol.segments.catalogue import ended_criteria
from dangol.segments.deciding import Circle, expanded
from dangol.segments.events import SegmentChanged, SegmentEnded, SegmentMade
from dangol.segments.mistakes import BadRule, Path, where_named
from dangol.segments.models import CustomerList, Refresh, Segment, SegmentVersion
from dangol.segments.queries import (
    keys_in,
    lists_visible_to,
    names_in,
    names_of,
    newest_versions,
    rules_by_key,
    segments_visible_to,
    uses_of,
)
from dangol.segments.reading import read
from dangol.segments.writing import written

FIELDS = ("name", "name_en", "description", "place")


class Changed(ValidationError):
    """Somebody else changed the segment meanwhile."""


def checked_rule(
    given: Anything, segment: Segment | None = None, *, by: User | None = None
) -> r.Rule:
    """A rule that can be read and run; BadRule says what is wrong and where.

    Segments and lists that it asks for are open, and visible to the person.
    """
    rule = read(given)
    keys = keys_in(rule)
    segments, lists = keys.get("segments", set()), keys.get("lists", set())
    asked = segments_visible_to(by) if by else Segment.objects.all()
    uploaded = lists_visible_to(by) if by else CustomerList.objects.all()
    usable = open_keys(asked, segments) | open_keys(uploaded, lists)
    gone = {key for some in keys.values() for key in some} - names_in(rule).keys()
    gone |= (segments | lists) - usable
    problems = named_at(given, gone, _("Something that the rule names is gone."))
    problems += named_at(given, ended_in(rule, segment), _("This attribute has ended."))
    if problems:
        raise BadRule(problems)
    try:
        expanded(rule, rules_by_key(), (str(segment.pk),) if segment else ())
    except Circle:
        why = _("A segment cannot ask for itself, not even through another.")
        raise BadRule(named_at(given, segments, why)) from None
    return rule


def open_keys(rows: QuerySet, keys: set[str]) -> set[str]:
    """Of some keys those of rows that are there and have not ended."""
    return {
        str(key) for key in rows.filter(pk__in=keys, ended_at=None).values_list("pk", flat=True)
    }


def named_at(given: Anything, keys: set[str], why: str) -> list[tuple[Path, str]]:
    """A mistake at each place of a rule that names one of these."""
    return [(path, why) for path in where_named(given, keys)] or ([((), why)] if keys else [])


def ended_in(rule: r.Rule, segment: Segment | None) -> set[str]:
    """Own attributes that have ended; a segment that asks for one goes on doing so."""
    ended = ended_criteria(leaf.name for leaf in r.leaves(rule) if isinstance(leaf, r.Score))
    if not ended or segment is None:
        return ended
    before = newest_versions([segment.pk]).get().rule
    return {name for name in ended if not any(where_named(before, {name}))}


@transaction.atomic
def make_segment(
    *, rule: Anything, by: User | None, at: dt.datetime | None = None, **fields: Anything
) -> Segment:
    """Begin a segment with its first version; it is counted soon after."""
    found = checked_rule(rule, by=by)
    segment = Segment(owner=by, created_at=at or timezone.now(), **fields)
    segment.full_clean()
    segment.save(force_insert=True)
    SegmentVersion.objects.create(segment=segment, number=1, rule=written(found), by=by)
    record_change("segments.make", segment, by=by, changes={"name": [None, segment.name]})
    publish(SegmentMade(subject_id=segment.pk, place_id=segment.place_id), by=by, at=at)
    refresh_later(segment)
    return segment


@transaction.atomic
def change_segment(
    segment: Segment, *, by: User | None, rule: Anything = None, seen: int | None = None,
    at: dt.datetime | None = None, **fields: Anything,
) -> Segment:  # fmt: skip
    """Change words, place or rule; another rule is a new version, the old ones stay as they were."""
    row = Segment.objects.select_for_update(of=("self",)).get(pk=segment.pk)
    if row.ended_at:
        raise ValidationError(_("This segment has ended."))
    if seen is not None and seen != row.revision:
        raise Changed(_("Somebody else changed this segment meanwhile. Reload and look again."))
    newest = SegmentVersion.objects.filter(segment=row).first()
    assert newest is not None
    changes = {k: [getattr(row, k), v] for k, v in fields.items() if getattr(row, k) != v}
    made = written(checked_rule(rule, row, by=by)) if rule is not None else newest.rule
    if made != newest.rule:
        changes["rule"] = [newest.rule, made]
        SegmentVersion.objects.create(segment=row, number=newest.number + 1, rule=made, by=by)
        publish(
            SegmentChanged(subject_id=row.pk, place_id=row.place_id, number=newest.number + 1),
            by=by, at=at,
        )  # fmt: skip
    if not changes:
        return row
    for name, value in fields.items():
        setattr(row, name, value)
    row.revision += 1
    if "place" in changes:
        row.counted_number = None
    row.full_clean()
    row.save()
    record_change("segments.change", row, by=by, changes=changes)
    if "rule" in changes or "place" in changes:
        refresh_later(row)
    return row


@transaction.atomic
def end_segment(segment: Segment, *, by: User | None, at: dt.datetime | None = None) -> Segment:
    """Count it no more; refused while another rule asks for it; a second time changes nothing."""
    row = Segment.objects.select_for_update(of=("self",)).get(pk=segment.pk)
    if row.ended_at:
        return row
    if used := uses_of(row):
        raise ValidationError(_("Still asked for by: %(names)s") % {"names": names_of(used, by)})
    row.ended_at, row.ended_by = at or timezone.now(), by
    row.save(update_fields=["ended_at", "ended_by"])
    record_change("segments.end", row, by=by, changes={"ended_at": [None, row.ended_at]})
    publish(SegmentEnded(subject_id=row.pk, place_id=row.place_id), by=by, at=at)
    return row


@transaction.atomic
def resume_segment(segment: Segment, *, by: User | None) -> Segment:
    """Count an ended segment again: the way back; what its rule asks for must be there still."""
    row = Segment.objects.select_for_update(of=("self",)).get(pk=segment.pk)
    if row.ended_at is None:
        return row
    checked_rule(newest_versions([row.pk]).get().rule, row, by=by)
    record_change("segments.resume", row, by=by, changes={"ended_at": [row.ended_at, None]})
    row.ended_at = row.ended_by = None
    row.save(update_fields=["ended_at", "ended_by"])
    refresh_later(row)
    return row


@transaction.atomic
def ask_for_refresh(*, by: User | None) -> Refresh:
    """Have all segments counted anew now; one under way is answered instead of another."""
    waiting = Refresh.objects.filter(finished_at=None, failure="").first()
    if waiting:
        return waiting
    run = Refresh.objects.create(by=by)
    record_change("segments.refresh_asked", run, by=by)
    from dangol.segments.jobs import refresh_asked

    refresh_asked.defer(key=str(run.pk))
    return run


def refresh_later(segment: Segment) -> None:
    """Enqueue a count of one segment."""
    from dangol.segments.jobs import refresh_one

    refresh_one.defer(key=str(segment.pk))


def newest_of(segment: Segment) -> SegmentVersion:
    """The version that holds now."""
    version: SegmentVersion = newest_versions([segment.pk]).get()
    return version
