"""Segments by program: rules, counts, profiles, versions."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Status

from dangol.core.api import After, Limit, Page, Problem, may, one_of, page_of
from dangol.core.models import User
from dangol.places.scope import places_visible_to
from dangol.segments import actions, building, counting, profile
from dangol.segments.api.router import router
from dangol.segments.api.schemas import (
    CountOut,
    LiftOut,
    RefreshOut,
    SegmentChange,
    SegmentIn,
    SegmentOut,
    SegmentRuleIn,
    SegmentVersionOut,
    SegmentWithRule,
    SizeOut,
)
from dangol.segments.models import Segment
from dangol.segments.queries import (
    named,
    names_in,
    newest_versions,
    rule_of,
    segments_visible_to,
)
from dangol.segments.reading import BadRule
from dangol.segments.sentences import in_words
from dangol.warehouse.engine import lake
from dangol.warehouse.manifest import Damaged, NoLake


def mine(request: HttpRequest, key: uuid.UUID, ability: str = "segments.see") -> Segment:
    """A visible segment, for somebody with the ability."""
    return one_of(segments_visible_to(may(request, ability), ability), key, "segment")


def with_rule(segment: Segment, user: User) -> dict[str, Any]:
    """A segment with its newest rule."""
    segment.refresh_from_db()
    version = newest_versions([segment.pk]).get()
    try:
        rule = rule_of(version)
        sentence = in_words(rule, named(names_in(rule, by=user)))
    except BadRule as wrong:
        sentence = "; ".join(wrong.messages)
    told = {name: getattr(segment, name) for name in SegmentOut.model_fields}
    return told | {"version": version.number, "rule": version.rule, "sentence": sentence}


def tried(request: HttpRequest, body: SegmentRuleIn) -> tuple[Any, counting.Found]:
    """A rule that was read and asked."""
    user = may(request, "segments.see")
    rule = actions.checked_rule(body.rule, by=user)
    places = places_visible_to(user, "segments.see")
    place = (
        one_of(places, body.place_id, "place") if body.place_id else places.order_by("lo").first()
    )
    try:
        return rule, counting.found(rule, place, lake(), timezone.localdate())
    except (NoLake, Damaged) as wrong:
        raise Problem(503, _("No lake"), str(wrong)) from None


@router.get("/segments", response=Page[SegmentOut])
def list_segments(
    request: HttpRequest, after: After = "", limit: Limit = 50, ended: bool | None = None
):  # type: ignore[no-untyped-def]
    """Segments that you may see, newest first."""
    rows = segments_visible_to(may(request, "segments.see"))
    if ended is not None:
        rows = rows.filter(ended_at__isnull=not ended)
    return page_of(rows, "-created_at", after, limit)


@router.post("/segments", response={201: SegmentWithRule})
def make_segment(request: HttpRequest, body: SegmentIn):  # type: ignore[no-untyped-def]
    """Make a segment; it is counted soon after."""
    user = may(request, "segments.edit")
    place = one_of(places_visible_to(user, "segments.edit"), body.place_id, "place")
    fields = body.dict(exclude={"place_id", "rule"})
    made = actions.make_segment(rule=body.rule, place=place, by=user, **fields)
    return Status(201, with_rule(made, user))


@router.get("/segments/catalogue", response=dict[str, Any])
def get_segment_catalogue(request: HttpRequest):  # type: ignore[no-untyped-def]
    """What a rule may ask: attributes, facts with their columns, scores."""
    may(request, "segments.see")
    return building.offered()


@router.post("/segments/count", response=CountOut)
def count_segment_rule(request: HttpRequest, body: SegmentRuleIn):  # type: ignore[no-untyped-def]
    """Try a rule: its sentence and how many it finds now, of how many customers of the place."""
    rule, found = tried(request, body)
    told = in_words(rule, named(names_in(rule, by=may(request, "segments.see"))))
    return {"sentence": told, "count": found.size, "of": found.everybody}


@router.post("/segments/profile", response=list[LiftOut])
def profile_segment_rule(request: HttpRequest, body: SegmentRuleIn):  # type: ignore[no-untyped-def]
    """Try a rule: how those whom it finds differ from everybody of the place."""
    _rule, found = tried(request, body)
    lines = profile.profile(found, timezone.localdate())
    return [
        {
            "dimension": line.key, "value": line.value, "inside": line.inside,
            "everybody": line.everybody, "lift": line.lift, "standard_errors": line.sure,
        }
        for line in lines
    ]  # fmt: skip


@router.post("/segments/refreshes", response={202: RefreshOut})
def refresh_segments(request: HttpRequest):  # type: ignore[no-untyped-def]
    """Have every segment counted now; a count under way is answered instead of another."""
    return Status(202, actions.ask_for_refresh(by=may(request, "segments.edit")))


@router.get("/segments/{segment_id}", response=SegmentWithRule)
def get_segment(request: HttpRequest, segment_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """One segment with its rule and sentence."""
    return with_rule(mine(request, segment_id), may(request, "segments.see"))


@router.patch("/segments/{segment_id}", response=SegmentWithRule)
def change_segment(request: HttpRequest, segment_id: uuid.UUID, body: SegmentChange):  # type: ignore[no-untyped-def]
    """Change words or rule; older versions stay as they were."""
    segment = mine(request, segment_id, "segments.edit")
    sent = body.dict(exclude_unset=True, exclude={"rule"})
    fields = {name: value for name, value in sent.items() if value is not None}
    user = may(request, "segments.edit")
    return with_rule(actions.change_segment(segment, rule=body.rule, by=user, **fields), user)


@router.post("/segments/{segment_id}/end", response=SegmentWithRule)
def end_segment(request: HttpRequest, segment_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Count it no more."""
    segment = mine(request, segment_id, "segments.edit")
    user = may(request, "segments.edit")
    return with_rule(actions.end_segment(segment, by=user), user)


@router.post("/segments/{segment_id}/resumption", response=SegmentWithRule)
def resume_segment(request: HttpRequest, segment_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Count an ended one again."""
    segment = mine(request, segment_id, "segments.edit")
    user = may(request, "segments.edit")
    return with_rule(actions.resume_segment(segment, by=user), user)


@router.get("/segments/{segment_id}/versions", response=Page[SegmentVersionOut])
def list_segment_versions(
    request: HttpRequest, segment_id: uuid.UUID, after: After = "", limit: Limit = 50
):  # type: ignore[no-untyped-def]
    """Its rules, the newest first."""
    return page_of(mine(request, segment_id).versions.all(), "-number", after, limit)


@router.get("/segments/{segment_id}/sizes", response=Page[SizeOut])
def list_segment_sizes(
    request: HttpRequest, segment_id: uuid.UUID, after: After = "", limit: Limit = 50
):  # type: ignore[no-untyped-def]
    """How large it was, the latest day first."""
    return page_of(mine(request, segment_id).sizes.all(), "-day", after, limit)
