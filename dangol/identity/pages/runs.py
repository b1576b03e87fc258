"""Runs of the matching, versions of its model, and what finding candidates costs."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Model as Row
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.models import User
from dangol.customers.models import CustomerKind
from dangol.identity.asking import ask_for_run
from dangol.identity.audits.counting import COSTS, ask_for_costs, under_way
from dangol.identity.learned import learned
from dangol.identity.matching.kinds import KINDS, PERSON, Kind
from dangol.identity.matching.parameters import LEAST, SLIP, Parameters
from dangol.identity.models import BlockCost, Model, Run, RunKind
from dangol.identity.pages.tabs import tabs_for
from dangol.identity.stewarding import company_words
from dangol.identity.stewarding.words import COMPARED, level_words, rounded
from dangol.sources.words import duration_words
from dangol.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, record_url
from dangol.ui.templatetags.measures import figures
from dangol.ui.templatetags.ui import badge

STEPS = {
    "read": gettext_lazy("Reading records"),
    "compare": gettext_lazy("Comparing"),
    "match": gettext_lazy("Matching one by one"),
    "join": gettext_lazy("Creating customers"),
    "follow": gettext_lazy("Writing golden records"),
    "households": gettext_lazy("Finding households and branches"),
}
COUNTS = {
    "records": gettext_lazy("Records read"),
    "pairs": gettext_lazy("Pairs compared"),
    "made": gettext_lazy("Customers created"),
    "joined": gettext_lazy("Records joined"),
    "merged": gettext_lazy("Customers merged"),
    "followed": gettext_lazy("Golden records changed"),
    "asked": gettext_lazy("Pairs asked about"),
    "households": gettext_lazy("Household ties"),
    "branches": gettext_lazy("Branches of head offices"),
    "refused": gettext_lazy("Links refused"),
    "failed": gettext_lazy("Records that failed"),
}
SHOWN = ("records", "pairs", "made", "joined", "asked")
"""Counts that the list shows before anybody chooses its columns."""
WAYS = {
    "phone": gettext_lazy("The same phone"),
    "email": gettext_lazy("The same e-mail"),
    "name_birth": gettext_lazy("Name and date of birth"),
    "birth_family": gettext_lazy("Date of birth and family name"),
    "name_building": gettext_lazy("Name and building"),
    "name_postcode": gettext_lazy("Name and postcode"),
    "birth_given": gettext_lazy("Date of birth and given name"),
    "birth_building": gettext_lazy("Date of birth and building"),
    "birth_postcode": gettext_lazy("Date of birth and postcode"),
    "number": gettext_lazy("Membership number"),
    "dwelling": gettext_lazy("Building and unit"),
    **company_words.WAYS,
}


def state_of(run: Run) -> tuple[str, str]:
    """How a run stands, in a word with its meaning."""
    if run.failure:
        return _("failed"), "bad"
    if run.ended_at:
        return _("done"), "good"
    return (_("runs") if run.begun_at else _("waits")), "info"


def state_words(run: Run) -> str:
    """How a run stands; how far it is while it runs."""
    word = state_of(run)[0]
    if run.ended_at or not run.begun_at or not run.total:
        return word
    return f"{word} {figures(100 * run.done / run.total)}%"


def counted(run: Run) -> list[tuple[str, int]]:
    """What came of a run, in words."""
    return [(str(word), run.counts[key]) for key, word in COUNTS.items() if key in run.counts]


class RunList(ListPage):
    """Every run, the latest first."""

    key = "matching-runs"
    title = gettext_lazy("Runs of the matching")
    ability = "matching.see"
    columns = [
        Column("kind", gettext_lazy("What"), value=lambda r: RunKind(r.kind).label, main=True),
        Column("state", gettext_lazy("State"), value=lambda r: state_words(r), cell=lambda r: badge(state_words(r), state_of(r)[1], bare=True)),
        Column("took", gettext_lazy("Took"), value=lambda r: took(r), number=True, dim=True),
        *(
            Column(key, word, value=lambda r, key=key: figures(r.counts[key]) if key in r.counts else "", number=True, shown=key in SHOWN)
            for key, word in COUNTS.items()
        ),
        Column("by", gettext_lazy("Asked by"), value=lambda r: str(r.by or ""), dim=True),
        Column("created_at", gettext_lazy("When"), sortable=True, dim=True),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("kind", gettext_lazy("What"), RunKind.choices),
        DateRangeFilter("created_at", gettext_lazy("When")),
    ]
    empty_title = gettext_lazy("The matching has not run yet")
    empty_text = gettext_lazy("New records are matched within seconds, all records every night.")
    page_template = "identity/runs.html"

    def rows(self, request: HttpRequest) -> QuerySet[Run]:
        return Run.objects.select_related("by")

    def row_url(self, row: Row) -> str:
        return record_url("matching:run", row.pk)

    def extra(self, request: HttpRequest) -> dict:
        user: User = request.user  # type: ignore[assignment]
        return {"tabs": tabs_for(user), "may_run": user.can("matching.run")}


def took(run: Run) -> str:
    """How long a run took; a few records take some hundredths of a second."""
    if not run.begun_at or not run.ended_at:
        return ""
    return duration_words((run.ended_at - run.begun_at).total_seconds())


@require_POST
@needs("matching.run")
def run_new(request: HttpRequest) -> HttpResponse:
    """Match everything now, in the background."""
    return redirect("matching:run", ask_for_run(by=request.user).pk)  # type: ignore[arg-type]


@needs("matching.see")
def run(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One run: how far it is, or what came of it."""
    found = get_object_or_404(Run.objects.select_related("by", "model"), pk=pk)
    word, meaning = state_of(found)
    context = {
        "run": found, "word": word, "meaning": meaning, "counts": counted(found),
        "step": STEPS.get(found.step, _("Waits for a worker")), "took": took(found),
        "tabs": tabs_for(request.user),  # type: ignore[arg-type]
    }  # fmt: skip
    part = "#run" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"identity/run.html{part}", context)


def bar_of(bits: float) -> dict[str, float]:
    """A weight as a bar from nought, on a scale from -20 to 20 bits."""
    end = max(-20.0, min(20.0, bits))
    return {"x": round(min(end, 0.0), 2), "width": round(abs(end), 2)}


def levels_of(parameters: Parameters, kind: Kind = PERSON) -> list[dict[str, Any]]:
    """Every level of every comparison: what it says, and by how much."""
    found = []
    names = COMPARED if kind is PERSON else company_words.COMPARED
    for comparison in kind.comparisons:
        for level in comparison.levels:
            key = f"{comparison.key}.{level.key}"
            m, u = parameters.m.get(key, SLIP), parameters.u.get(key, LEAST)
            found.append(
                {
                    "compared": names[comparison.key], "first": level is comparison.levels[0], "words": level_words(comparison.key, level.key, kind.key),
                    "m": 100 * m, "one_in": rounded(1 / u) if u < 0.5 else None, "u": 100 * u,
                    "bits": parameters.weight(comparison.key, level.key),
                    "rare": bool(level.frequency), **bar_of(parameters.weight(comparison.key, level.key)),
                }
            )  # fmt: skip
    return found


@needs("matching.see")
def models(request: HttpRequest) -> HttpResponse:
    """The model in use and those before it, in words; and the ways of finding candidates."""
    user: User = request.user  # type: ignore[assignment]
    kind = KINDS.get(request.GET.get("kind", ""), PERSON)
    versions = list(
        Model.objects.filter(kind=kind.key).select_related("by").order_by("-version")[:20]
    )
    asked = next((m for m in versions if str(m.version) == request.GET.get("version")), None)
    present = learned(kind.key)
    shown = Parameters(**asked.parameters) if asked else present.parameters
    context = {
        "tabs": tabs_for(user), "versions": versions, "asked": asked, "present": present,
        "kind": kind.key, "kinds": CustomerKind.choices, "levels": levels_of(shown, kind), "prior": rounded(1 / shown.prior),
        "costs": costs_in_words(kind), "may_run": user.can("matching.run"),
        "counting": under_way(COSTS),
    }  # fmt: skip
    part = "#model" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"identity/models.html{part}", context)


def costs_in_words(kind: Kind = PERSON) -> list[dict[str, Any]]:
    """Each way of finding candidates with what it costs and finds, as it was counted last."""
    known = {c.rule: c for c in BlockCost.objects.all()}
    return [
        {
            "words": WAYS[rule.key], "cost": cost,
            "found": 100 * cost.joins / cost.joins_of if cost and cost.joins_of else None,
            "only": 100 * cost.only / cost.joins_of if cost and cost.joins_of else None,
            "each": cost.pairs / cost.joins if cost and cost.joins else None,
        }
        for rule in kind.rules
        for cost in [known.get(rule.key)]
    ]  # fmt: skip


@require_POST
@needs("matching.run")
def costs(request: HttpRequest) -> HttpResponse:
    """Have it counted anew what each way costs and finds."""
    ask_for_costs()
    kind = KINDS.get(request.POST.get("kind", ""), PERSON)
    return redirect(reverse("matching:models") + f"?kind={kind.key}")
