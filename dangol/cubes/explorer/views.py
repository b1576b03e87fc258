"""Pages of the explorer: figures, the members of a dimension, and what stands behind a figure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dangol.core.access import needs
from dangol.core.audit import record_access
from dangol.core.roles import Role, roles_with
from dangol.cubes.asking.addresses import FILTER, address_of, given_of, toggled
from dangol.cubes.asking.answer import answer
from dangol.cubes.asking.arranging import rests_on_few
from dangol.cubes.asking.expression import Scope
from dangol.cubes.asking.query import Query, Refused, query_of
from dangol.cubes.asking.results import ENOUGH, Answer
from dangol.cubes.explorer import page
from dangol.cubes.explorer.behind import (
    KINDS,
    list_address,
    page_behind,
    position_after,
    records_of,
)
from dangol.cubes.explorer.charts import numbered
from dangol.cubes.explorer.choosing import member_choices, members_beside
from dangol.cubes.explorer.formula_form import formula_form
from dangol.cubes.explorer.records import shown_record
from dangol.cubes.explorer.tables import (
    LINES,
    MOST_LINES,
    figure_heads,
    heads,
    lines,
    named_figures,
    total_line,
)
from dangol.cubes.explorer.undrawn import undrawn
from dangol.cubes.models import Sharing
from dangol.cubes.queries import views_visible_to
from dangol.warehouse.engine import Lake, lake
from dangol.warehouse.manifest import Damaged, NoLake


def asked(request: HttpRequest) -> tuple[Query, dict[str, str]]:
    """The question of the address; without what is wrong in it, and why it is."""
    given = given_of(request.GET)
    try:
        return query_of(given), {}
    except Refused as refused:
        errors = refused.errors
    try:
        return query_of(rest_of(given, errors)), errors
    except Refused:  # what is left does not stand alone
        subject = "" if "subject" in errors else given.get("subject", "")
        return query_of({"subject": subject}), errors


def rest_of(given: dict[str, Any], errors: dict[str, str]) -> dict[str, Any]:
    """What was asked without what is wrong; of filters and formulas only the wrong ones go."""
    rest = {name: told for name, told in given.items() if name not in errors}
    rest["filters"] = {n: f for n, f in given["filters"].items() if f"filters.{n[:40]}" not in errors}  # fmt: skip
    if "formulas" in rest:
        rest["formulas"] = [f for n, f in enumerate(given["formulas"]) if f"formulas.{n}" not in errors]  # fmt: skip
    return rest


def newest() -> Lake | None:
    """The lake as it is now; None before the first copy and while a damaged file is made anew."""
    try:
        return lake()
    except (NoLake, Damaged):
        return None


def roles_to_share() -> list[tuple[str, str]]:
    """The roles that may analyse, with their names."""
    return [(str(r), str(Role(r).label)) for r in Role if r in roles_with("cubes.see")]


@needs("cubes.see")
def explorer(request: HttpRequest) -> HttpResponse:
    """Figures by rows and columns."""
    query, errors = asked(request)
    seen = newest()
    if seen is None:
        return render(request, "cubes/none.html", {"query": query}, status=200)
    scope = Scope.of(request.user)  # type: ignore[arg-type]
    made = None
    try:
        made = answer(query, scope, seen)
    except Refused as refused:
        errors |= refused.errors
    context = (
        frame(query, seen)
        | {"kept": views_visible_to(request.user)[:30]}
        | {  # type: ignore[arg-type]
            "errors": errors,
            "opened": request.GET.get("open", ""),
            "formula": formula_form(query, errors, given_of(request.GET)["formulas"]),
            "may_watch": request.user.can("watches.edit"),  # type: ignore[union-attr]
        }
    )
    if made:
        context |= shown(made, MOST_LINES if "whole" in request.GET else LINES)
    htmx = request.htmx  # type: ignore[attr-defined]
    part = "#explorer" if htmx and not htmx.history_restore_request else ""
    return render(request, f"cubes/explorer.html{part}", context)


def frame(query: Query, seen: Lake) -> dict[str, Any]:
    """What stands around the figures."""
    return {
        "roles": roles_to_share(), "sharings": Sharing.choices,
        "query": query, "subject": query.subject, "tabs": page.subject_tabs(query),
        "wells": page.wells(query), "fields": page.fields(query), "tools": page.toolbar(query),
        "chips": page.filter_chips(query, seen), "crumbs": page.crumbs(query, seen), "across": page.last_step(query),
        "summary": page.summary(query), "definitions": page.definitions(query.subject), "address": address_of(query),
        "period_fields": page.hidden(query, ("period",)), "formula_fields": page.hidden(query, ("formulas",)),
        "all_days": page.url_of(page.wide(query)),
    }  # fmt: skip


def shown(made: Answer, most: int) -> dict[str, Any]:
    """The figures as a table and as charts."""
    found, drawings = lines(made, most), numbered(made)
    cut = made.query.look == "line" and any(one["note"] for one in drawings)
    return {
        "chart_ways": page.chart_ways(made.query) if cut else [],
        "choose": f"{page.url_of(made.query)}&open={made.query.rows[0].name}" if cut else "",
        "undrawn": undrawn(made.query, drawings),
        "made": made, "heads": heads(made), "figure_heads": figure_heads(made), "lines": found,
        "totals": total_line(made), "charts": drawings, "more": len(made.rows) - len(found),
        "few": sum(rests_on_few(made, row) for row in made.rows if row), "enough": ENOUGH,
        "few_url": page.url_of(replace(made.query, extras=toggled(made.query.extras, "enough"))),
        "empty": not (made.rows or made.hidden) or all(not cells for cells in made.cells.values()),
        "one_figure": len(named_figures(made)) == 1, "read": sum(r.rows for r in made.routes),
        "from_facts": any(not r.aggregate for r in made.routes),
        "figures": named_figures(made), "milliseconds": f"{made.milliseconds:.0f}",
    }  # fmt: skip


@needs("cubes.see")
def choices(request: HttpRequest) -> HttpResponse:
    """The members of a dimension, to choose a filter from."""
    query, errors = asked(request)
    seen = newest()
    name = request.GET.get("dimension", "")
    found: dict[str, Any] = {}
    scope = Scope.of(request.user)  # type: ignore[arg-type]
    if seen and not errors and "across" in request.GET and query.filter_of(name):
        others = members_beside(query, name, scope, seen)
        return render(request, "cubes/_across.html", {"others": others})
    if seen and not errors and name in {d.name for d in query.subject.dimensions}:
        found = member_choices(query, name, scope, seen, request.GET.get("q", ""))
        leave = [f"{FILTER}{name}", f"{FILTER}{name}!"]
        found["fields"] = page.hidden(query, leave)
    return render(request, "cubes/_choices.html", found | {"name": name})


@needs("cubes.see")
def behind(request: HttpRequest) -> HttpResponse:
    """The records that a figure was counted from."""
    query, errors = asked(request)
    seen = newest()
    kind = KINDS[query.subject.records]
    context: dict[str, Any] = {
        "query": query, "errors": errors, "kind": kind, "back": request.GET.get("back", ""),
        "may": request.user.can(kind.ability),  # type: ignore[union-attr]
        "up": page.url_of(query), "measure": query.needed[0].label,
    }  # fmt: skip
    if seen and context["may"] and not errors:
        context |= records_page(request, query, seen)
        context["chips"] = page.filter_chips(query, seen)
        context["list_url"] = list_address(query)
    part = "#more" if request.GET.get("after") and request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"cubes/behind.html{part}", context)


def records_page(request: HttpRequest, query: Query, seen: Lake) -> dict[str, Any]:
    """One page of records; whose they are is written down."""
    user = request.user
    facts, total = page_behind(query, Scope.of(user), seen, request.GET.get("after", ""))  # type: ignore[arg-type]
    found = records_of(query, facts, user)  # type: ignore[arg-type]
    rows = [shown_record(query.subject.records, record, fact) for record, fact in found]
    record_access(request, "cubes", [row["customer_id"] for row in rows])
    after = position_after(facts)
    more = request.GET.copy()
    more["after"] = after
    return {"rows": rows, "total": total, "more_url": f"?{more.urlencode()}" if after else ""}
