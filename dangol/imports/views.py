"""Pages of imports: upload, columns, the picture of what will happen, progress, result."""

from __future__ import annotations

import itertools
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.imports import actions
from dangol.imports.forms import LayoutForm, MappingForm, OwnColumnsForm, UploadForm
from dangol.imports.kinds import KINDS, kinds
from dangol.imports.lists import STATES
from dangol.imports.mapping import headings
from dangol.imports.models import Import
from dangol.imports.queries import (
    imports_visible_to,
    labels_of,
    progress,
    reason_text,
    refused_rows,
)
from dangol.imports.reading import Layout, lines
from dangol.imports.refused_file import pieces
from dangol.imports.running import text_file

PREVIEW = 8
SHOWN = 50


def steps() -> list[str]:
    """The wizard's steps."""
    return [_("File"), _("Columns"), _("Look ahead"), _("Load")]


def the_import(request: HttpRequest, pk: uuid.UUID) -> Import:
    """An import that this person may see, or 404."""
    return get_object_or_404(imports_visible_to(request.user), pk=pk)  # type: ignore[arg-type]


@needs("imports.run")
def new(request: HttpRequest) -> HttpResponse:
    """Upload a file."""
    form = UploadForm(
        request.POST or None, request.FILES or None,
        initial={"kind": request.GET.get("kind", kinds()[0].key if kinds() else "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            run = actions.upload_import(by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            return redirect("imports:columns", run.pk)
        except ValidationError as refusal:
            form.add_error(None, refusal)
    status = 422 if form.errors else 200
    context = {"form": form, "kinds": kinds(), "steps": steps()}
    return render(request, "imports/new.html", context, status=status)


@needs("imports.run")
def columns(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """See the file's first rows, say what each column means."""
    run = the_import(request, pk)
    if run.started_at or run.file_deleted_at:
        return redirect("imports:import", pk)
    kind, layout = KINDS[run.kind], Layout(**run.layout)
    names = headings(text_file(run), layout)
    form = MappingForm(kind, names, run.mapping, request.POST or None)
    own = OwnColumnsForm(kind, names, run.mapping, request.POST or None)
    errors: list[str] = []
    if request.method == "POST" and form.is_valid() and own.is_valid():
        try:
            mapping = actions.with_new_columns(run, form.mapping, own.wanted)
            run = actions.set_mapping(run, mapping, by=request.user)  # type: ignore[arg-type]
            if "propose" in request.POST:
                mapping = actions.with_own_columns(run, mapping, everything=True)
                actions.set_mapping(run, mapping, by=request.user)  # type: ignore[arg-type]
                return redirect(f"{request.path}#own")
            actions.plan_import(run, by=request.user)  # type: ignore[arg-type]
            return redirect("imports:import", pk)
        except ValidationError as refusal:
            errors = refusal.messages
    rows = list(itertools.islice(lines(text_file(run), layout), PREVIEW))
    known_lines = mapping_lines(form, names, rows)
    context = {
        "run": run, "kind": kind, "errors": errors, "names": names, "rows": rows,
        "layout_form": LayoutForm(layout), "lines": known_lines,
        "own_lines": own_lines(form, own, rows), "quiet": sum(line["quiet"] for line in known_lines),
        "steps": steps(),
    }  # fmt: skip
    return render(request, "imports/columns.html", context, status=422 if errors else 200)


def mapping_lines(form: MappingForm, names: list[str], rows: list[Any]) -> list[dict[str, Any]]:
    """For each thing a row can say: its two fields and what the chosen column holds."""
    found = []
    for column in form.kind.columns:
        chosen = form[column.name].value()
        samples: list[str] = []
        if chosen in names:
            at = names.index(chosen)
            samples = [r.cells[at].strip()[:30] for r in rows if at < len(r.cells)]
        found.append(
            {
                "column": column,
                "field": form[column.name],
                "fixed": form[f"fixed-{column.name}"],
                "samples": [s for s in dict.fromkeys(samples) if s][:3],
                "quiet": column not in KINDS[form.kind.key].columns and not chosen,
            }
        )
    return found


def own_lines(form: MappingForm, own: OwnColumnsForm, rows: list[Any]) -> list[dict[str, Any]]:
    """For each heading that nothing is read from: what it holds, and what could be made of it."""
    used = {form[column.name].value() for column in form.kind.columns}
    found = []
    for at, name in enumerate(own.names):
        if name not in used:
            samples = [r.cells[at].strip()[:30] for r in rows if at < len(r.cells)]
            found.append(
                {
                    "heading": name, "kind": own[f"own-{at}"], "name": own[f"own-{at}-name"],
                    "samples": [s for s in dict.fromkeys(samples) if s][:3],
                }
            )  # fmt: skip
    return found


@require_POST
@needs("imports.run")
def layout(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Read the file otherwise."""
    run = the_import(request, pk)
    known = Layout(**run.layout)
    form = LayoutForm(known, request.POST)
    try:
        if form.is_valid():
            actions.set_layout(run, by=request.user, **form.asked(known))  # type: ignore[arg-type]
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("imports:columns", pk)


@needs("imports.run")
def import_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Where an import stands: the picture, the progress, or the result."""
    run = the_import(request, pk)
    if run.state in {"uploaded", "mapped"} and not run.file_deleted_at:
        return redirect("imports:columns", pk)
    kind = KINDS[run.kind]
    context = {
        "run": run, "kind": kind, "steps": steps(), "state": STATES[run.state],
        "step": 3 if run.started_at else 2, "progress": progress(run),
        "result_url": address(kind.result_url),
    }  # fmt: skip
    if run.state == "planned":
        context |= picture(run)
    elif run.started_at and run.refused:
        context["refusals"] = [
            {
                "line": row.line, "cells": [cell for cell in row.cells if cell.strip()][:8],
                "reason": reason_text(run, row.column, row.reason, row.facts),
            }
            for row in refused_rows(run)[:SHOWN]
        ]  # fmt: skip
        context["more"] = max(0, run.refused - SHOWN)
    template = "imports/import.html"
    if request.htmx:  # type: ignore[attr-defined]
        template += "#standing"
    return render(request, template, context)


def picture(run: Import) -> dict[str, Any]:
    """The dry run in words and samples."""
    plan = run.plan
    kind = KINDS[run.kind]
    labels = labels_of(run, kind)
    yes = {True: _("yes"), False: _("no")}

    def pairs(sample: dict[str, Any]) -> list[tuple[str, Any, Any]]:
        before, after = sample["seen"].get("before", {}), sample["seen"].get("after", {})
        return [
            (
                labels.get(name, name),
                *(yes[v] if isinstance(v, bool) else v for v in (before.get(name), after[name])),
            )
            for name in after
            if after[name] not in (None, "", {}, [])
        ]

    return {
        "plan": plan | shares(plan),
        "reasons": [
            row | {"said": reason_text(run, row["column"], row["reason"], row["facts"])}
            for row in plan["reasons"][:10]
        ],
        "refusals": [
            {
                "line": row["line"], "cells": [cell for cell in row["cells"] if cell.strip()][:8],
                "reason": reason_text(run, row["column"], row["reason"], row["facts"]),
            }
            for row in plan["refusals"]
        ],
        "changed": [s | {"pairs": pairs(s)} for s in plan["samples"] if s["verdict"] == "changed"],
        "fresh": [s | {"pairs": pairs(s)} for s in plan["samples"] if s["verdict"] == "new"],
    }  # fmt: skip


def shares(plan: dict[str, Any]) -> dict[str, Any]:
    """The bar of new, changed, same and refused rows."""
    at, found = 0, []
    for name in ("new", "changed", "same", "refused"):
        found.append((name, str(at), str(plan[name])))
        at += plan[name]
    return {"shares": found, "width": str(max(at, 1)), "taken": plan["new"] + plan["changed"]}


def address(name: str) -> str:
    """The page where what was loaded can be seen."""
    try:
        return reverse(name) if name else ""
    except NoReverseMatch:
        return ""


def told(request: HttpRequest, pk: uuid.UUID, do: Any) -> HttpResponse:
    """Do one thing to an import and show where it stands; a refusal is told."""
    try:
        do(the_import(request, pk), by=request.user)
    except ValidationError as refusal:
        for message in refusal.messages:
            messages.error(request, message)
    return redirect("imports:import", pk)


@require_POST
@needs("imports.run")
def plan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Look ahead again."""
    return told(request, pk, actions.plan_import)


@require_POST
@needs("imports.run")
def load(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Load, or go on loading."""
    return told(request, pk, actions.start_import)


@require_POST
@needs("imports.run")
def cancellation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Stop."""
    return told(request, pk, actions.cancel_import)


@needs("imports.run")
def refused(request: HttpRequest, pk: uuid.UUID) -> StreamingHttpResponse:
    """The refused rows as a file."""
    run = the_import(request, pk)
    response = StreamingHttpResponse(pieces(run), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="refused-{run.pk}.csv"'
    return response
