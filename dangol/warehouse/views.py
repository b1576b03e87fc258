"""Pages of the lake: how it stands, one table, and making it anew."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.ui.going import sent_to
from dangol.warehouse import actions
from dangol.warehouse.facts import FACTS
from dangol.warehouse.queries import (
    TableStanding,
    kept_versions,
    lake_standing,
    running,
    runs_visible_to,
)

RUNS = 12
UNITS = ("B", "kB", "MB", "GB", "TB")
STATES = {"waiting": "info", "running": "info", "finished": "good", "failed": "bad"}


def size(amount: float) -> str:
    """Bytes as people read them."""
    for unit in UNITS:
        if amount < 1000 or unit == UNITS[-1]:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    raise AssertionError("unreachable")


def state_words() -> dict[str, str]:
    """A run's state in words."""
    return {
        "waiting": _("Waiting"), "running": _("Under way"), "finished": _("Done"),
        "failed": _("Failed"),
    }  # fmt: skip


def type_words() -> dict[str, str]:
    """A column's type in words."""
    return {
        "key": _("number of the row"), "ref": _("reference"), "instant": _("moment"),
        "day": _("day"), "text": _("word"), "money": _("amount of money"),
        "number": _("decimal number"), "count": _("whole number"), "real": _("real number"),
        "flag": _("yes or no"),
    }  # fmt: skip


def told(standing: TableStanding) -> dict[str, Any]:
    """One table as a line of the page."""
    version = standing.version
    return {
        "name": standing.fact.name, "label": standing.fact.label, "grain": standing.fact.grain,
        "rows": version.rows, "size": size(version.bytes), "files": len(version.files),
        "earliest": standing.earliest, "latest": standing.latest,
        "changed_in": version.changed_in,
    }  # fmt: skip


@needs("lake.see")
def lake(request: HttpRequest) -> HttpResponse:
    """The lake on one page."""
    standing, words, work = lake_standing(), state_words(), running()
    context = {
        "standing": standing, "size": size(standing.bytes), "work": work,
        "lag": int(standing.lag.total_seconds()),
        "tables": sorted(map(told, standing.tables), key=lambda line: str(line["label"])),
        "runs": [
            {"run": run, "word": words[run.state], "meaning": STATES[run.state], "size": size(run.bytes)}
            for run in runs_visible_to(request.user)[:RUNS]  # type: ignore[arg-type]
        ],
        "versions": kept_versions(8),
        "doing": FACTS[work.doing].label if work and work.doing in FACTS else _("everything"),
        "rate": work.done / work.seconds if work and work.seconds else None,
        "may_rebuild": request.user.can("lake.rebuild"),  # type: ignore[union-attr]
    }  # fmt: skip
    part = "#lake" if "part" in request.GET else ""
    return render(request, f"warehouse/lake.html{part}", context)


@needs("lake.see")
def table(request: HttpRequest, name: str) -> HttpResponse:
    """One table: what a row is, what each column means and where its files stand."""
    if name not in FACTS:
        raise Http404
    fact, words = FACTS[name], type_words()
    found = next((t for t in lake_standing().tables if t.fact.name == name), None)
    context = {
        "fact": fact, "told": told(found) if found else None,
        "columns": [
            (c, FACTS[c.of].label if c.of in FACTS else "", words[c.type]) for c in fact.columns
        ],
        "may_rebuild": request.user.can("lake.rebuild"),  # type: ignore[union-attr]
    }  # fmt: skip
    return render(request, "warehouse/table.html", context)


@require_POST
@needs("lake.rebuild")
def rebuilds(request: HttpRequest) -> HttpResponse:
    """Have everything, or one table, made anew."""
    chosen = [name for name in request.POST.getlist("table") if name in FACTS]
    actions.ask_for_rebuild(chosen, by=request.user)  # type: ignore[arg-type]
    return sent_to(request, "warehouse:lake")
