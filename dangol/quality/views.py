"""Pages of data quality: the summary, what the company sets, what each figure means."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dangol.core.access import needs
from dangol.core.models import User
from dangol.core.money import shown_money
from dangol.customers.freshness import LINE
from dangol.customers.source_names import source_name
from dangol.quality.actions import change_policy
from dangol.quality.forms import PolicyForm
from dangol.quality.looking import STEPS, ask_for_look, looks_now
from dangol.quality.measures.fields import MEASURES
from dangol.quality.measures.reading import COUNTS, Counts, by_source, last_day, sees_all
from dangol.quality.queries import policy_in_use, standings
from dangol.quality.standing import Expected, expected_now, task_figures, together, whole_parts
from dangol.quality.tried.cost import cost_of
from dangol.quality.tried.rates import rates_of, whole_months
from dangol.quality.words import kind_word, percent, rounded, tabs_for, told_rate, verdict_words

HISTORY_DAYS = 180


@needs("quality.see")
def summary(request: HttpRequest) -> HttpResponse:
    """On one page: how much is wrong, what the calls find, what correcting costs, what is done."""
    user, at, today = request.user, timezone.now(), timezone.localdate()
    asked, policy = whole_months(12, today), policy_in_use()
    found = rates_of(user, asked, 0)  # type: ignore[arg-type]
    cost = cost_of(policy, found)
    kinds = expected_now(user)  # type: ignore[arg-type]
    tasks = task_figures(user, at)  # type: ignore[arg-type]
    day, whole, parts = last_day(), together(kinds), whole_parts(kinds)
    context = {
        "tabs": tabs_for(user), "view": "summary", "whole": sees_all(user),  # type: ignore[arg-type]
        "line": percent(LINE, 0), "tried": told_rate("", found.overall),
        "verdict": verdict_words(found.overall.verdict),
        "expected": percent(whole.share), "points": whole.points, "known": whole.known,
        "guessed": round(whole.guessed),
        "over": whole.share is not None and whole.share > LINE,
        "cost": money(cost.for_one_corrected, policy.currency), "corrected": cost.corrected,
        "kinds": [(kind_word(k), e, percent(e.share), parts[k]) for k, e in sorted(kinds.items())],
        "tasks": tasks, "task_rate": percent(tasks.found.share),
        "task_effect": percent(tasks.corrected / whole.points, 2) if whole.points else "–",
        "chart": course(found.by.get("month", []), days_of(user)),
        "sources": sources_of(user, day), "day": day,
        "measures": [label for label, _fault, _meaning in MEASURES.values()],
        **look_context(user), "may_correct": user.can("quality.correct"),  # type: ignore[union-attr]
        "may_list": user.can("customers.see"),  # type: ignore[union-attr]
    }  # fmt: skip
    return render(request, "quality/summary.html", context)


def look_context(user: Any) -> dict[str, Any]:
    """The look that runs now, how far it is, and the one before."""
    now, last = looks_now()
    return {
        "look": now, "look_step": STEPS.get(now.step, _("Waits for a worker")) if now else "",
        "look_steps": len(STEPS), "last_look": last, "may_look": user.can("quality.configure"),
    }  # fmt: skip


@needs("quality.see")
def looks(request: HttpRequest) -> HttpResponse:
    """Measure now what the night measures; or how far that is. At its end the page is read anew."""
    user: User = request.user  # type: ignore[assignment]
    if request.method == "POST":
        if not user.can("quality.configure"):
            raise PermissionDenied("quality.configure")
        ask_for_look(by=user)
        if not request.htmx:  # type: ignore[attr-defined]
            return redirect("quality:summary")
    context = look_context(user)
    answer = render(request, "quality/_look.html", context)
    if request.method == "GET" and context["look"] is None:
        answer.headers["HX-Refresh"] = "true"
    return answer


def money(amount: float | None, currency: str) -> str:
    """Money as locals write it; a dash for none."""
    return "–" if amount is None else shown_money(round(amount), currency)


def days_of(user: Any) -> list[tuple[dt.date, Expected]]:
    """The expected share on each day that was looked at; of the company alone."""
    if not sees_all(user):
        return []
    by_day: dict[dt.date, dict[str, Expected]] = {}
    for row in standings(HISTORY_DAYS):
        by_day.setdefault(row.day, {})[row.kind] = Expected(
            row.points, row.known_wrong, row.expected_wrong
        )
    return [(day, together(kinds)) for day, kinds in by_day.items()]


def every_month(seen: set[dt.date]) -> list[dt.date]:
    """The months from the first to the last, those between them too: a gap must be seen as one."""
    if not seen:
        return []
    first, last = min(seen), max(seen)
    spanned = (last.year - first.year) * 12 + last.month - first.month
    counted = (first.year * 12 + first.month - 1 + n for n in range(spanned + 1))
    return [dt.date(n // 12, n % 12 + 1, 1) for n in counted]


def course(months: list[Any], days: list[tuple[dt.date, Expected]]) -> dict[str, Any]:
    """Found wrong when tried by month, expected of all at each month's last look, and the line."""
    last: dict[dt.date, float | None] = {day.replace(day=1): e.share for day, e in days}
    names = every_month({month for month, _rate in months} | set(last))
    tried = dict(months)
    series: list[dict[str, Any]] = [
        {
            "name": _("Found when tried"), "role": "main",
            "data": [rounded(tried[m].share) if m in tried else None for m in names],
        },
        {
            "name": _("Interval"), "role": "interval",
            "data": [[rounded(b) for b in tried[m].bounds] if m in tried else None for m in names],
        },
        {"name": _("Limit"), "role": "goal", "data": [LINE * 100] * len(names)},
    ]  # fmt: skip
    if len(last) > 1:
        expected = [rounded(last.get(m)) for m in names]
        series.append({"name": _("Expected of all"), "role": "compare", "data": expected})
    return {
        "kind": "line", "x": [date_format(m, "YEAR_MONTH_FORMAT") for m in names], "digits": 1, "unit": "%",
        "min": 0, "series": series,
    }  # fmt: skip


def sources_of(user: Any, day: dt.date | None) -> list[dict[str, Any]]:
    """Each source over all fields: its five measures."""
    if day is None:
        return []
    rows = []
    for source, fields in by_source(user, day).items():
        whole = Counts(*(sum(getattr(c, name) for c in fields.values()) for name in COUNTS))
        contacts = [fields[name] for name in ("name", "phone", "email") if name in fields]
        unique = Counts(*(sum(getattr(c, name) for c in contacts) for name in COUNTS))
        shares = {m: (unique if m == "unique" else whole).share(m) for m in MEASURES}
        rows.append(
            {
                "name": source_name(source), "source": source, "records": fields["name"].records,
                "shares": [(m, percent(share, 0), shade(share)) for m, share in shares.items()],
            }
        )  # fmt: skip
    return rows


def shade(share: float | None) -> str:
    """How strongly a share is drawn: the lower, the stronger."""
    if share is None:
        return ""
    return f"heat-{min(10, max(0, round((1 - share) * 20)))}"


@needs("quality.configure")
def settings(request: HttpRequest) -> HttpResponse:
    """What a verification costs, when a value is fresh, how much is asked for."""
    policy = policy_in_use()
    form = PolicyForm(request.POST or None, instance=policy)
    if request.method == "POST" and form.is_valid():
        change_policy(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        messages.success(request, _("Saved. It holds from the next night on."))
        return redirect("quality:settings")
    context = {"form": form, "tabs": tabs_for(request.user), "view": "settings"}
    return render(request, "quality/settings.html", context, status=422 if form.errors else 200)


@needs("quality.see")
def definitions(request: HttpRequest) -> HttpResponse:
    """What each figure means and what it is made of."""
    context = {
        "tabs": tabs_for(request.user), "view": "", "policy": policy_in_use(), "line": percent(LINE, 0),
        "measures": [(key, label, meaning) for key, (label, _fault, meaning) in MEASURES.items()],
    }  # fmt: skip
    return render(request, "quality/definitions.html", context)
