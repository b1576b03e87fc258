"""What the page of one segment shows."""

from __future__ import annotations

import datetime as dt
from typing import Any as Anything

from django.http import HttpRequest
from django.utils import timezone

from dangol.core.models import User
from dangol.segments.lists import address
from dangol.segments.models import Segment
from dangol.segments.queries import (
    how_many_visible_to,
    named,
    names_in,
    rule_of,
    segments_visible_to,
    uses_of,
)
from dangol.segments.reading import BadRule
from dangol.segments.sentences import in_words


def segment_context(request: HttpRequest, segment: Segment) -> dict[str, Anything]:
    """Everything around the segment."""
    user: User = request.user  # type: ignore[assignment]
    versions = list(segment.versions.select_related("by")[:20])
    today = segment.counted_on or timezone.localdate()
    sizes = list(segment.sizes.filter(day__gte=today - dt.timedelta(days=30)).order_by("day"))
    last = sizes[-1] if sizes else None
    before = sizes[-2] if len(sizes) > 1 else None
    used = uses_of(segment)
    visible = set(segments_visible_to(user).values_list("pk", flat=True)) if used else set()
    return {
        "segment": segment, "tab": "overview", "sentences": sentences(versions, user), "last": last,
        "delta": last.size - before.size if last and before else None,
        "spark": [s.size for s in sizes],
        "entered_url": address(segment, "entered", last.day) if last else "",
        "left_url": address(segment, "left", last.day) if last else "",
        "used": [one for one in used if one.pk in visible],
        "used_hidden": sum(one.pk not in visible for one in used),
        "waiting": not segment.ended_at and segment.counted_number != versions[0].number,
        "visible": how_many_visible_to(user, segment) if user.can("segments.members") else None,
        "may_see_members": user.can("segments.members"),
        "may_edit": user.can("segments.edit"),
    }  # fmt: skip


def sentences(versions: list[Anything], by: User) -> list[tuple[Anything, str]]:
    """Each version with its sentence; one that can no longer be read says why."""
    read: list[tuple[Anything, Anything]] = []
    for version in versions:
        try:
            read.append((version, rule_of(version)))
        except BadRule as wrong:
            read.append((version, wrong))
    name_of = named(names_in(*(rule for _v, rule in read if not isinstance(rule, BadRule)), by=by))
    return [
        (v, "; ".join(rule.messages) if isinstance(rule, BadRule) else in_words(rule, name_of))
        for v, rule in read
    ]  # fmt: skip
