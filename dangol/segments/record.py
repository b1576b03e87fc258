"""What the page of one segment shows."""

from __future__ import annotations

import datetime as dt
from typing import Any as Anything

from django.http import HttpRequest
from django.utils import timezone

from dangol.segments.lists import address
from dangol.segments.models import Segment
from dangol.segments.queries import named, names_in, rule_of, uses_of
from dangol.segments.reading import BadRule
from dangol.segments.sentences import in_words


def segment_context(request: HttpRequest, segment: Segment) -> dict[str, Anything]:
    """Everything around the segment."""
    versions = list(segment.versions.select_related("by")[:20])
    today = segment.counted_on or timezone.localdate()
    sizes = list(segment.sizes.filter(day__gte=today - dt.timedelta(days=30)).order_by("day"))
    last = sizes[-1] if sizes else None
    before = sizes[-2] if len(sizes) > 1 else None
    return {
        "segment": segment, "tab": "overview", "sentences": sentences(versions), "last": last,
        "delta": last.size - before.size if last and before else None,
        "spark": [s.size for s in sizes],
        "entered_url": address(segment, "entered", last.day) if last else "",
        "left_url": address(segment, "left", last.day) if last else "",
        "used": uses_of(segment),
        "waiting": not segment.ended_at and segment.counted_number != versions[0].number,
        "may_see_members": request.user.can("segments.members"),  # type: ignore[union-attr]
        "may_edit": request.user.can("segments.edit"),  # type: ignore[union-attr]
    }  # fmt: skip


def sentences(versions: list[Anything]) -> list[tuple[Anything, str]]:
    """Each version with its sentence; one that can no longer be read says why."""
    read: list[tuple[Anything, Anything]] = []
    for version in versions:
        try:
            read.append((version, rule_of(version)))
        except BadRule as wrong:
            read.append((version, wrong))
    name_of = named(names_in(*(rule for _v, rule in read if not isinstance(rule, BadRule))))
    return [
        (v, "; ".join(rule.messages) if isinstance(rule, BadRule) else in_words(rule, name_of))
        for v, rule in read
    ]  # fmt: skip
