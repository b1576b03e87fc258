"""Watches at work: each row of a question is looked at, and what stands out opens an issue."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from dangol.cubes.actions import note_look, open_issue
from dangol.cubes.asking.addresses import address_of, cell_query, question_of
from dangol.cubes.asking.answer import answer, gathered, measured, today
from dangol.cubes.asking.arranging import known_members
from dangol.cubes.asking.expression import Scope
from dangol.cubes.asking.periods import Period
from dangol.cubes.asking.query import Query
from dangol.cubes.asking.results import Answer, Key
from dangol.cubes.chance.weeks import Evidence, holm, judged, kind_of
from dangol.cubes.models import Issue, Test, Watch
from dangol.places.models import Place
from dangol.warehouse.engine import Lake

WEEK, BEFORE = 7, 56


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that stands out."""

    row: Key
    value: float
    expected: float | None
    evidence: dict[str, Any]


def look(watch: Watch, seen: Lake, at: dt.datetime | None = None) -> list[Issue]:
    """Ask the watch's question with its owner's scope and open an issue for each new finding."""
    at = at or timezone.now()
    with override(watch.owner.language or "ko"):
        query = replace(question_of(watch.address), compare="", formulas=(), extras=(), sort="")
        query = replace(query, measures=(query.subject.measure(watch.measure),), columns=())
        scope = Scope.of(watch.owner)
        on = today()
        if watch.test == Test.SUDDEN:
            made, findings = sudden(watch, query, scope, seen, on)
        else:
            made = answer(query, scope, seen, on)
            findings = beyond(watch, made)
        found = [issue for f in findings if (issue := opened(watch, made, f, at))]
    note_look(watch, at)
    return found


def beyond(watch: Watch, made: Answer) -> list[Finding]:
    """Rows beyond the threshold, of those with enough facts."""
    measure = made.query.measures[0]
    found = []
    for row in made.rows:
        value = made.figure(row, (), measure.name).value
        if value is None or weight_of(made, row) < watch.least:
            continue
        above = watch.test == Test.ABOVE
        if (value > watch.threshold) if above else (value < watch.threshold):
            found.append(Finding(row, float(value), watch.threshold, {"test": str(watch.test)}))
    return found


def weight_of(made: Answer, row: Key) -> float:
    """How many facts a figure rests on: the count that it is divided by, or itself."""
    n = made.figure(row, (), made.query.measures[0].name).n
    return float("inf") if n is None else float(n)


def sudden(watch: Watch, query: Query, scope: Scope, seen: Lake, on: dt.date) -> tuple[Answer, list[Finding]]:  # fmt: skip
    """Rows whose last full week differs from the eight weeks before by more than chance."""
    last = on - dt.timedelta(days=1)
    first = last - dt.timedelta(days=WEEK - 1)
    made = answer(replace(query, period=Period("", first, last)), scope, seen, on)
    earlier = gathered(query, (first - dt.timedelta(days=BEFORE), first - dt.timedelta(days=1)), scope, seen, [])  # fmt: skip
    measure = query.measures[0]
    kind = kind_of(query.subject, measure)
    share = WEEK / (WEEK + BEFORE)
    evidence: dict[Key, Evidence] = {}
    for row in {r for r, _c in [*made.parts, *earlier] if len(r) == len(query.rows)}:
        now, before = made.parts.get((row, ()), {}), earlier.get((row, ()), {})
        if one := judged(kind, measure, now, before, share, watch.least):
            evidence[row] = one
    # a row that fell to nothing is no row of this week's answer
    for known, more in zip(made.members, known_members(query, earlier, seen), strict=True):
        known.update(more)
    return made, [
        Finding(row, float(measured(measure, made.parts.get((row, ()), {})).value or 0),
                evidence[row].expected, asdict(evidence[row]) | {"rows": len(evidence)})
        for row in holm(evidence)
    ]  # fmt: skip


def opened(watch: Watch, made: Answer, finding: Finding, at: dt.datetime) -> Issue | None:
    """The issue of a finding, told in the words of its row."""
    members = made.row_members(finding.row)
    query = replace(cell_query(made, finding.row, ()), rows=next_rows(made.query))
    return open_issue(
        watch, member="/".join(member.key for member in members)[:200],
        label=" · ".join(m.label for m in members)[:200] or _("All"),
        place=place_of(made, finding.row), address=address_of(query), value=finding.value,
        expected=finding.expected, evidence=finding.evidence, at=at,
    )  # fmt: skip


def next_rows(query: Query) -> tuple[Any, ...]:
    """What an issue's figures are broken down by when they are opened."""
    from dangol.cubes.asking.addresses import next_down

    found = next_down(query, query.rows[-1]) if query.rows else None
    return (found,) if found else ()


def place_of(made: Answer, row: Key) -> Place | None:
    """The place of a row, if it is of one."""
    for dimension, member in zip(made.query.rows, made.row_members(row), strict=True):
        if dimension.column == "place" and member.key:
            return Place.objects.filter(code=member.key).first()
    return None
