"""Pages of segments; each change is one POST to a resource of the segment."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any as Anything

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.customers.by_id import customer_or_404
from dangol.segments import actions, building, comparing, counting, overlapping, profile
from dangol.segments.deciding import Circle, SegmentGone
from dangol.segments.forms import SegmentForm
from dangol.segments.live_views import keyed, problems, profile_context
from dangol.segments.models import Segment
from dangol.segments.panel import segments_of
from dangol.segments.queries import (
    names_in,
    newest_versions,
    rule_of,
    running,
    segments_visible_to,
)
from dangol.segments.reading import BadRule, read
from dangol.segments.record import segment_context
from dangol.ui.going import sent_to
from dangol.warehouse.engine import lake
from dangol.warehouse.manifest import Damaged, NoLake

DAYS = 90


def the_segment(request: HttpRequest, pk: uuid.UUID, ability: str = "segments.see") -> Segment:
    """A segment that this person may see (or edit), or 404."""
    rows = segments_visible_to(request.user, ability).select_related("place", "owner", "ended_by")  # type: ignore[arg-type]
    return get_object_or_404(rows, pk=pk)


@needs("segments.see")
def segment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A segment on one page: who, how many, how they differ, who came and went."""
    found = the_segment(request, pk)
    part, context = request.GET.get("part"), segment_context(request, found)
    if part is None:
        return render(request, "segments/segment.html", context)
    answer = render(request, "segments/segment.html#standing", context)
    if part == "waiting" and not context["waiting"]:
        # what stands below was drawn before the count: chart, profile, overlaps, how many members
        answer.headers["HX-Refresh"] = "true"
    return answer


@needs("segments.see")
def segment_profile(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How the members differ from everybody."""
    found = the_segment(request, pk)
    try:
        day = timezone.localdate()
        rule = rule_of(newest_versions([pk]).get())
        asked = counting.found(rule, found.place, lake(), day)
        lines = profile.profile(asked, day)
    except (BadRule, Circle, SegmentGone, NoLake, Damaged):
        return render(request, "segments/_profile.html", {"lines": []})
    return render(request, "segments/_profile.html", profile_context(lines, asked.size))


@needs("segments.see")
def sizes(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """How large it was, day by day, as the chart reads it."""
    found = the_segment(request, pk)
    since = timezone.localdate() - dt.timedelta(days=DAYS)
    rows = list(found.sizes.filter(day__gte=since).order_by("day"))
    return JsonResponse({
        "kind": "line" if len(rows) > 7 else "bar", "label": _("Size"), "lang": get_language(), "digits": 0, "min": 0,
        "x": [f"{row.day:%m-%d}" for row in rows],
        "series": [{"name": _("Customers"), "data": [row.size for row in rows], "role": "main"}],
    })  # fmt: skip


@needs("segments.see")
def overlap(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How it overlaps with the other segments that the person sees."""
    found = the_segment(request, pk)
    mine = segments_visible_to(request.user).filter(ended_at=None, size__gt=0).exclude(pk=pk)  # type: ignore[arg-type]
    try:
        everybody = lake().manifest.tables["customers"].rows
    except (NoLake, Damaged, KeyError):
        everybody = 0
    pairs = overlapping.overlaps(found, list(mine.order_by("-size")[:60]), everybody)
    compared = [found, *(one.other for one in pairs[:4])]
    rows = overlapping.combinations(compared) if found.size else []
    most = max((row.size for row in rows), default=1)
    context = {"segment": found, "pairs": pairs, "compared": compared, "rows": rows, "most": most}
    return render(request, "segments/_overlap.html", context)


@needs("segments.see")
def comparison(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Two versions side by side: which tests came and went, and whom each would find now."""
    found = the_segment(request, pk)
    numbers = [
        int(n) for n in (request.GET.get("a", ""), request.GET.get("b", "")) if n.isdecimal()
    ]
    versions = {
        v.number: v for v in found.versions.filter(number__in=[n for n in numbers if n < 2**31])
    }
    if len(numbers) != 2 or len(versions) != len(set(numbers)):
        newest = found.versions.all()[:2]
        versions = {v.number: v for v in newest}
        numbers = sorted(versions)
    context = {
        "segment": found,
        "sides": comparing.compared(found, [versions[n] for n in numbers], request.user),
    }
    return render(request, "segments/comparison.html", context)


@needs("segments.edit")
def new(request: HttpRequest) -> HttpResponse:
    """Make a segment."""
    like = copied(request)
    begun = {"name": _("Copy of %(name)s") % {"name": like}, "place": like.place_id, "description": like.description} if like else None  # fmt: skip
    form = SegmentForm(request.user, request.POST or None, initial=begun)  # type: ignore[arg-type]
    wrong: list[dict[str, Anything]] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_segment(by=request.user, **form.values())  # type: ignore[arg-type]
            return redirect("segments:segment", made.pk)
        except BadRule as refused:
            wrong = problems(refused)
    listed = keyed(request.GET.get("list", ""))
    begin = {"all": [{"list": str(listed)}] if listed else []}
    return builder(request, form, actions.newest_of(like).rule if like else begin, wrong, None)


def copied(request: HttpRequest) -> Segment | None:
    """The segment that a new one starts from."""
    key = keyed(request.GET.get("from", ""))
    return the_segment(request, key) if key else None


@needs("segments.edit")
def change(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a segment; another rule becomes its next version."""
    found = the_segment(request, pk, "segments.edit")
    form = SegmentForm(request.user, request.POST or None, instance=found)  # type: ignore[arg-type]
    wrong: list[dict[str, Anything]] = []
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("revision", "")
        try:
            actions.change_segment(
                Segment(pk=pk), by=request.user, seen=int(seen) if seen.isdecimal() else None,  # type: ignore[arg-type]
                **form.values(),
            )  # fmt: skip
            return redirect("segments:segment", pk)
        except BadRule as refused:
            wrong = problems(refused)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    return builder(request, form, actions.newest_of(found).rule, wrong, found)


def builder(
    request: HttpRequest, form: SegmentForm, rule: Anything, wrong: list[dict[str, Anything]],
    found: Segment | None,
) -> HttpResponse:  # fmt: skip
    """The builder with a rule in it; what was sent stays in it."""
    sent = request.POST.get("rule")
    if sent:
        try:
            rule = json.loads(sent)
        except ValueError:
            wrong = wrong or [{"path": [], "why": _("This is no rule.")}]
    try:
        names = names_in(read(rule), by=request.user)  # type: ignore[arg-type]
    except BadRule:
        names = {}
    context = {
        "form": form, "segment": found, "rule": rule, "wrong": wrong, "names": names,
        "catalogue": building.offered(), "words": building.words(),
        "started": request.POST.get("revision") or (found.revision if found else ""),
    }  # fmt: skip
    return render(request, "segments/builder.html", context)


@require_POST
@needs("segments.edit")
def end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Count it no more."""
    try:
        actions.end_segment(the_segment(request, pk, "segments.edit"), by=request.user)  # type: ignore[arg-type]
        back = "undo:" + reverse("segments:resumption", args=[pk])
        messages.success(request, _("Ended. Its members and history stay."), extra_tags=back)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return sent_to(request, "segments:segment", pk)


@require_POST
@needs("segments.edit")
def resumption(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Count it again."""
    try:
        actions.resume_segment(the_segment(request, pk, "segments.edit"), by=request.user)  # type: ignore[arg-type]
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return sent_to(request, "segments:segment", pk)


@require_POST
@needs("segments.edit")
def refresh(request: HttpRequest) -> HttpResponse:
    """Have every segment counted now."""
    actions.ask_for_refresh(by=request.user)  # type: ignore[arg-type]
    messages.success(request, _("Counting. This goes on when you leave the page."))
    return sent_to(request, "segments:list")


@needs("segments.see")
def counting_now(request: HttpRequest) -> HttpResponse:
    """How far a count has come."""
    return render(request, "segments/_refresh.html", {"run": running()})


@needs("segments.see")
def customer_panel(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The segments that a customer is in; asked for now, PostgreSQL decides."""
    customer = customer_or_404(request.user, pk)
    record_access(request, "segments", [customer.pk])
    now = "now" in request.GET
    lines = segments_of(request.user, customer, now=now)  # type: ignore[arg-type]
    return render(
        request, "segments/_customer.html", {"lines": lines, "customer": customer, "now": now}
    )
