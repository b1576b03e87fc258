"""What the board of a place shows, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import numpy as np
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dangol.board.items import items_of
from dangol.board.movement import fastest_moving
from dangol.board.queries import heat_days, may_at, trend
from dangol.board.standing import PERIOD, PROCESSES, Standing, standing_for_pages
from dangol.core.models import User
from dangol.places.models import Kind, Place
from dangol.surveys.models import Process
from dangol.surveys.queries import MONTH

TEN = 10
HEAT_DAYS = 14


def answers_url(place: Place | None, process: str = "", **more: Any) -> str:
    """The answers behind a figure."""
    given = {"place": place.code if place else "", "process": process, **more}
    return f"{reverse('surveys:responses')}?{urlencode({k: v for k, v in given.items() if v})}"


BELOW = {Kind.COMPANY: "region", Kind.UNIT: "region", Kind.REGION: "site"}
"""What a place's figures are broken down by first."""


@dataclass(frozen=True)
class Ways:
    """Where figures lead: to their analysis, or to the very answers; nowhere without the right to see."""

    analyses: bool = False
    answers: bool = False

    @classmethod
    def of(cls, user: User, place: Place) -> Ways:
        """What this person may see at a place and everywhere below it."""
        return cls(may_at(user, "cubes.see", place), may_at(user, "answers.see", place))

    def month(self, place: Place, process: str, first: dt.date, last: dt.date) -> str:
        """Behind the figure of thirty days: of a site its answers, above sites what differs below."""
        below = BELOW.get(Kind(place.kind))
        if self.analyses and below:
            asked = {
                "subject": "satisfaction", "rows": below, "measures": "index,answers,low_share",
                "period": "30d", "compare": "previous", "sort": "index~", "f.process": process,
            }  # fmt: skip
            within = {} if place.kind == Kind.COMPANY else {f"f.{place.kind}": place.code}
            return f"{reverse('cubes:explorer')}?{urlencode(asked | within)}"
        return answers_url(place, process, day_from=first, day_to=last) if self.answers else ""

    def day(self, place: Place, process: str, day: dt.date) -> str:
        """Behind the figure of one day."""
        return answers_url(place, process, day_from=day, day_to=day) if self.answers else ""


NOWHERE = Ways()


def board_context(
    place: Place, at: dt.datetime, chosen: str = "", ways: Ways = NOWHERE
) -> dict[str, Any]:
    """The strip of processes and the trend."""
    standing = standing_for_pages(at, place)
    today = at.astimezone(ZoneInfo(place.time_zone)).date()
    state = standing.state(place.pk) or {}
    span, lines = trend(place, today)
    shown = [p for p in PROCESSES if state.get(p, {}).get("month", {}).get("n") or lines.get(p)]
    chosen = chosen if chosen in PROCESSES else (shown or PROCESSES)[0]
    return {
        "place": place,
        "today": today,
        "topic": f"board:{place.pk}",
        "strip": [
            process_line(place, p, state[p], lines.get(p, []), today, ways) | {"shown": p in shown}
            for p in PROCESSES
            if p in state
        ],
        "figures": bool(shown),
        "chosen": chosen,
        "is_site": place.kind == Kind.SITE,
        "group_name": str(place.parent) if place.parent else "",
        "trend_note": _("90 days, mean of %(n)s days") % {"n": span},
        "trend": trend_chart({p: lines[p] for p in shown if p in lines}),
    }


def tables_context(place: Place, at: dt.datetime, chosen: str) -> dict[str, Any]:
    """The tables of places below, for one process; for a site what its index is made of."""
    standing = standing_for_pages(at, place)
    today = at.astimezone(ZoneInfo(place.time_zone)).date()
    chosen = chosen if chosen in PROCESSES else PROCESSES[0]
    if place.kind == Kind.SITE:
        company = next(k for k, p in standing.places.items() if p["lo"] <= place.lo <= p["hi"])
        return {"place": place, "items": items_of(place, company, today)}
    return {
        "place": place,
        "chosen": chosen,
        "tabs": [(p, Process(p).label, f"?process={p}") for p in PROCESSES],
        **tables(standing, place, chosen, today),
    }


def process_line(
    place: Place,
    process: str,
    state: dict[str, Any],
    line: list[tuple[dt.date, float | None]],
    today: dt.date,
    ways: Ways,
) -> dict[str, Any]:
    """One process of the strip: its figures, and where each leads."""
    first = today - dt.timedelta(days=MONTH - 1)
    return {
        "key": process,
        "label": Process(process).label,
        "state": state,
        "spark": [value for _day, value in line][-MONTH:],
        "month_url": ways.month(place, process, first, today),
        "today_url": ways.day(place, process, today),
        "width": round((state["month"]["high"] or 0) - (state["month"]["low"] or 0), 1),
    }


def trend_chart(lines: dict[str, list[tuple[dt.date, float | None]]]) -> dict[str, Any]:
    """The course of ninety days, one line for each process."""
    days = next(iter(lines.values()), [])
    return {
        "kind": "line",
        "x": [f"{day.month}/{day.day}" for day, _value in days],
        "series": [
            {"name": str(Process(p).label), "data": [v for _day, v in line]}
            for p, line in lines.items()
        ],
        "label": _("Index over ninety days"),
    }


def tables(standing: Standing, place: Place, process: str, today: dt.date) -> dict[str, Any]:
    """Places below as a heat table; the best, the worst and the fastest moving sites."""
    number = PROCESSES.index(process)
    below = (standing.lo >= place.lo) & (standing.hi <= place.hi) & (standing.lo != place.lo)
    sites = [
        int(r)
        for r in np.flatnonzero(below & standing.is_site & (standing.company_rank[:, number] > 0))
    ]
    sites.sort(key=lambda row: (-standing.shrunken[row, number], row))
    levels = [Kind.SITE] if place.kind == Kind.REGION else [Kind.REGION]
    rows = [int(r) for r in np.flatnonzero(below) if standing.kinds[r] in levels]
    rows = [row for row in rows if standing.sums[row, number, PERIOD, 0]] or rows
    if not rows:
        rows = [
            int(r) for r in np.flatnonzero(below & (standing.parents == standing.row[place.pk]))
        ]
    return {
        "best": [site_line(standing, row, number) for row in sites[:TEN]],
        "worst": [site_line(standing, row, number) for row in sites[::-1][: min(TEN, len(sites) // 2)]],
        "moving": [
            {**site_line(standing, standing.row[m.place], number), "before": m.before, "now": m.now,
             "change": m.now - m.before, "size": abs(m.now - m.before), "sure": abs(m.sure)}
            for m in fastest_moving(place, process, today)
        ],
        "heat": heat_table(standing, rows, process, today),
        "sites": len(sites),
    }  # fmt: skip


def site_line(standing: Standing, row: int, process: int) -> dict[str, Any]:
    """A site in a ranked table."""
    facts = standing.places[standing.keys[row]]
    return {
        **standing.figures(row, process),
        "pk": facts["id"],
        "name": name_of(facts),
        "code": facts["code"],
    }


def name_of(facts: dict[str, Any]) -> str:
    """The place's name in the reader's language."""
    english = (get_language() or "").startswith("en")
    return (english and facts["name_en"]) or facts["name"]


def heat_table(standing: Standing, rows: list[int], process: str, today: dt.date) -> dict[str, Any]:
    """Rows are places; columns the three processes over thirty days, then the last days of one."""
    days = [today - dt.timedelta(days=back) for back in range(HEAT_DAYS - 1, -1, -1)]
    cells = heat_days([standing.keys[row] for row in rows], process, days)
    lines = []
    for row in rows:
        facts = standing.places[standing.keys[row]]
        lines.append({
            "pk": facts["id"],
            "name": name_of(facts),
            "code": facts["code"],
            "processes": [(p, standing.figures(row, n)["month"]) for n, p in enumerate(PROCESSES)],
            "days": [(day, *cells.get((facts["id"], day), (0, None))) for day in days],
        })  # fmt: skip
    means = [m["mean"] for line in lines for _p, m in line["processes"] if m["mean"] is not None]
    means += [mean for line in lines for _day, _n, mean in line["days"] if mean is not None]
    return {
        "lines": lines,
        "days": days,
        "processes": [(p, Process(p).label) for p in PROCESSES],
        "low": float(np.quantile(means, 0.05)) if means else 0,
        "high": float(np.quantile(means, 0.95)) if means else 100,
    }
