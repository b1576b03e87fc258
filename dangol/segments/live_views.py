"""What the builder asks while a rule is being made: its sentence, its count, its profile."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any as Anything

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.places.models import Place
from dangol.places.scope import places_visible_to
from dangol.segments import counting, profile
from dangol.segments import rules as r
from dangol.segments.actions import checked_rule
from dangol.segments.finishing import finished
from dangol.segments.mistakes import Path
from dangol.segments.models import Segment
from dangol.segments.queries import named, names_in, segments_visible_to
from dangol.segments.reading import BadRule
from dangol.segments.sentences import in_words
from dangol.warehouse.engine import lake
from dangol.warehouse.manifest import Damaged, NoLake

MOST = 200_000


class Asked:
    """The rule, place and segment that a builder sent."""

    def __init__(self, request: HttpRequest) -> None:
        if len(request.body) > MOST:
            raise BadRule([((), _("The rule is too large."))])
        try:
            body: Anything = json.loads(request.body)
            self.rule_given, self.place_key = body["rule"], body.get("place") or ""
            self.segment_key = body.get("segment") or ""
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise BadRule([((), _("This is no rule."))]) from None
        self.place = place_of(request, self.place_key)
        self.segment = segment_of(request, self.segment_key)
        _rule, left, self.problems = finished(self.rule_given)
        self.rule: r.Rule = checked_rule(left, self.segment, by=request.user)  # type: ignore[arg-type]


def keyed(text: object) -> uuid.UUID | None:
    """A key, or None for anything else."""
    try:
        return uuid.UUID(str(text))
    except ValueError:
        return None


def place_of(request: HttpRequest, key: object) -> Place | None:
    """The chosen place; the person's own where there is none."""
    mine = places_visible_to(request.user, "segments.see")  # type: ignore[arg-type]
    found = mine.filter(pk=keyed(key)).first() if key else None
    return found or mine.order_by("lo").first()


def segment_of(request: HttpRequest, key: object) -> Segment | None:
    """The segment that is being changed."""
    return segments_visible_to(request.user).filter(pk=keyed(key)).first() if key else None  # type: ignore[arg-type]


def problems(wrong: BadRule) -> list[dict[str, Anything]]:
    """Mistakes as the builder places them."""
    return placed(wrong.problems)


def placed(found: list[tuple[Path, str]]) -> list[dict[str, Anything]]:
    """Mistakes with their places as the builder's script reads them."""
    return [{"path": [str(step) for step in path], "why": str(why)} for path, why in found]


@require_POST
@needs("segments.see")
def count(request: HttpRequest) -> JsonResponse:
    """The sentence and how many it finds."""
    begun = time.perf_counter()
    try:
        asked = Asked(request)
    except BadRule as wrong:
        return JsonResponse({"problems": problems(wrong)})
    told: dict[str, Anything] = {
        "sentence": in_words(asked.rule, named(names_in(asked.rule, by=request.user))),  # type: ignore[arg-type]
        "problems": placed(asked.problems),
    }
    if asked.problems:
        told["left_out"] = left_out(len(asked.problems))
    try:
        found = counting.found(asked.rule, asked.place, lake(), timezone.localdate())
    except (NoLake, Damaged):
        return JsonResponse(told | {"count": None, "of": None})
    told |= {"count": found.size, "of": found.everybody, "share": round(found.share, 2)}
    told["place"] = str(asked.place) if found.within is not None else ""
    return JsonResponse(told | {"milliseconds": round(1000 * (time.perf_counter() - begun))})


def left_out(unfinished: int) -> str:
    """“1 unfinished condition is left out.”"""
    told = ngettext("%(n)s unfinished condition is left out.", "%(n)s unfinished conditions are left out.", unfinished)  # fmt: skip
    return told % {"n": unfinished}


@require_POST
@needs("segments.see")
def profile_part(request: HttpRequest) -> HttpResponse:
    """How those whom the rule finds differ from everybody."""
    try:
        asked = Asked(request)
        day = timezone.localdate()
        found = counting.found(asked.rule, asked.place, lake(), day)
        lines = profile.profile(found, day)
    except (BadRule, NoLake, Damaged):
        return render(request, "segments/_profile.html", {"lines": []})
    context = profile_context(lines, found.size) | {"all": found.size == found.everybody}
    return render(request, "segments/_profile.html", context)


def profile_context(lines: list[profile.Line], size: int) -> dict[str, Anything]:
    """Lines as tables and charts show them."""
    by_dimension: dict[str, list[profile.Line]] = {}
    for line in lines:
        by_dimension.setdefault(line.key, []).append(line)
    return {
        "size": size,
        "telling": [(line, lift_words(line)) for line in profile.telling(lines)],
        "charts": [chart(key, some) for key, some in by_dimension.items() if key in CHARTED],
        "lines": lines,
    }  # fmt: skip


CHARTED = ("times", "since", "birth_band", "region")


def chart(key: str, lines: list[profile.Line]) -> dict[str, Anything]:
    """Shares of the members beside shares of everybody."""
    lines = [line for line in lines if line.inside or line.everybody >= 0.5]
    if key == "region":
        lines = sorted(lines, key=lambda line: -line.everybody)[:10]
    if key == "birth_band":
        lines = sorted(lines, key=lambda line: line.value)
    spec = {
        "kind": "bar", "label": lines[0].dimension if lines else "", "digits": 0, "unit": "%",
        "x": [line.value for line in lines],
        "series": [
            {"name": _("This segment"), "data": [round(line.inside, 2) for line in lines], "role": "main"},
            {"name": _("All customers"), "data": [round(line.everybody, 2) for line in lines], "token": "n8", "kind": "bar"},
        ],
    }  # fmt: skip
    return {"key": key, "title": lines[0].dimension if lines else "", "spec": spec}


def lift_words(line: profile.Line) -> str:
    """“2.4 ×”."""
    return f"{line.lift:.1f} ×"
