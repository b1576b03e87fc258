"""The way to a new source: connect, choose, map, trust, schedule."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.sources import actions, connections
from dangol.sources.connecting import Trouble, look
from dangol.sources.entities import columns_of, of_customers
from dangol.sources.forms import ConnectForm, MappingForm, ReachForm, ScheduleForm, TrustForm
from dangol.sources.models import Connection, Source
from dangol.sources.previewing import Looked, Why, preview, sample_of
from dangol.sources.showing import shown_cell
from dangol.sources.transforming import STEPS
from dangol.sources.views import the_source
from dangol.sources.words import STRANGE

ICONS = {
    "folder": "folder", "postgresql": "database", "mariadb": "database", "database": "server",
    "rest": "globe",
}  # fmt: skip


def steps() -> list[str]:
    """The wizard's steps."""
    return [_("Connect"), _("Choose"), _("Match columns"), _("Trust"), _("Schedule")]


def told(form: forms.Form, refusal: ValidationError) -> None:
    """A refusal at the field that it is about, else above the form."""
    if hasattr(refusal, "error_dict"):
        for place, errors in refusal.error_dict.items():
            name = place.removeprefix("reach.")
            form.add_error(name if name in form.fields else None, errors)
    else:
        form.add_error(None, refusal)


@needs("sources.change")
def new(request: HttpRequest) -> HttpResponse:
    """Name the source and connect to it; the connection is tried before anything is kept."""
    connection = request.GET.get("connection", "folder")
    connection = connection if connection in Connection else "folder"
    form = ConnectForm(connection, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("name", "code", "system", "entity")}
        try:
            made = connections.connect_source(
                connection=connection, reach=form.reach, hidden=form.hidden, by=request.user, **said  # type: ignore[arg-type]
            )  # fmt: skip
            return redirect("sources:place", made.pk)
        except ValidationError as refusal:
            told(form, refusal)
    kinds = [(value, label, ICONS[value]) for value, label in Connection.choices]
    context = {"form": form, "connection": connection, "kinds": kinds, "steps": steps()}
    return render(request, "sources/new.html", context, status=422 if form.errors else 200)


@needs("sources.change")
def connection(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Reach a source otherwise."""
    source = the_source(request, pk)
    form = ReachForm(source, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            connections.change_connection(
                source, reach=form.reach, hidden=form.hidden or None,
                name=form.cleaned_data["name"], by=request.user,  # type: ignore[arg-type]
            )  # fmt: skip
            return redirect("sources:source", pk)
        except ValidationError as refusal:
            told(form, refusal)
    context = {"form": form, "source": source, "steps": steps(), "connection": source.connection}
    return render(request, "sources/new.html", context, status=422 if form.errors else 200)


@needs("sources.change")
def place(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Choose the table, file or list."""
    source = the_source(request, pk)
    errors: list[str] = []
    if request.method == "POST":
        chosen = request.POST.get("pattern", "").strip() or request.POST.get("place", "")
        try:
            actions.choose_place(source, chosen, by=request.user)  # type: ignore[arg-type]
            return redirect("sources:mapping", pk)
        except ValidationError as refusal:
            errors = refusal.messages
    places: list[Any] = []
    try:
        places = look(source.connection, source.reach, source.hidden, lambda opened: opened.places())  # fmt: skip
    except Trouble as failure:
        errors.append(failure.said)
    context = {"source": source, "places": places, "errors": errors, "steps": steps()}
    return render(request, "sources/place.html", context, status=422 if errors else 200)


@needs("sources.change")
def mapping(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say which column means what, with ten rows as they would be read."""
    source = the_source(request, pk)
    if not source.columns:
        return redirect("sources:place", pk)
    form = MappingForm(source, request.POST or None)
    errors: list[str] = []
    chosen = {}
    if form.is_bound and form.is_valid():
        chosen = form.mapping
        if "preview" not in request.POST:
            try:
                actions.set_mapping(source, chosen, by=request.user)  # type: ignore[arg-type]
                following = "sources:trust" if of_customers(source.entity) else "sources:schedule"
                return redirect(following, pk)
            except ValidationError as refusal:
                errors = refusal.messages
    elif not form.is_bound:
        chosen = mapping_of_initial(form)
    context = {
        "source": source, "form": form, "lines": form.lines(), "errors": errors, "steps": steps(),
        "options": [(step.label, step.option) for step in STEPS.values() if step.option],
        **looked_ahead(source, chosen),
    }  # fmt: skip
    part = "#preview" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"sources/mapping.html{part}", context, status=422 if errors else 200)


def mapping_of_initial(form: MappingForm) -> dict[str, Any]:
    """The mapping that the form opens with."""
    form.cleaned_data = {name: field.initial for name, field in form.fields.items()}
    return form.mapping


def looked_ahead(source: Source, chosen: dict[str, Any]) -> dict[str, Any]:
    """Ten rows under a mapping that is not kept yet."""
    labels = {column.name: column.label for column in columns_of(source.entity)}
    try:
        found, numbers = preview(source, chosen, sample_of(source))
    except Trouble as failure:
        return {"heads": [], "rows": [], "trouble": failure.said}
    rows = [row_in_words(row, labels) for row in found]
    odd = any(cell["why"] for row in rows for cell in row["cells"])
    heads = [labels[name] for name in labels if name in chosen]
    return {"heads": heads, "rows": rows, "odd": odd, "numbers": list(numbers)}


def row_in_words(row: Looked, labels: dict[str, Any]) -> dict[str, Any]:
    """A row of the preview as this person may see it, with the reasons."""
    cells = [
        {"text": shown_cell(cell.column, cell.text), "why": why_in_words(cell.column, cell.why)}
        for cell in row.cells
    ]
    refused = ""
    if row.refused:
        column, reason, facts = row.refused
        said = why_in_words(column, (reason, facts))
        refused = f"{labels[column]}: {said}" if column in labels else said
    return {"number": row.number, "cells": cells, "refused": refused}


def why_in_words(column: str, why: Why | None) -> str:
    """Why a cell is not taken, in the language of whoever reads."""
    if why is None:
        return ""
    reason, facts = why
    if reason in STRANGE:
        return str(STRANGE[reason])
    shown = {k: shown_cell(column, v) if k == "cell" else v for k, v in facts.items()}
    return _(reason) % shown if shown else _(reason)


@needs("sources.change")
def trust(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say how far it is trusted."""
    source = the_source(request, pk)
    form = TrustForm(source, request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.set_trust(source, form.trust, by=request.user)  # type: ignore[arg-type]
        return redirect("sources:source" if source.ready_at else "sources:schedule", pk)
    context = {"source": source, "form": form, "steps": steps()}
    return render(request, "sources/trust.html", context, status=422 if form.errors else 200)


@needs("sources.change")
def schedule(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say when it is read; then it is ready."""
    source = the_source(request, pk)
    form = ScheduleForm(source, request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.set_schedule(
                source, schedule=form.schedule, full=bool(said["full"]),
                watermark_column=said["watermark_column"], by=request.user,  # type: ignore[arg-type]
            )  # fmt: skip
            if "run" in request.POST:
                actions.start_run(source, by=request.user)  # type: ignore[arg-type]
            return redirect("sources:source", pk)
        except ValidationError as refusal:
            told(form, refusal)
    context = {"source": source, "form": form, "steps": steps()}
    return render(request, "sources/schedule.html", context, status=422 if form.errors else 200)


@require_POST
@needs("sources.change")
def test(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Try the connection again."""
    source = the_source(request, pk)
    try:
        answer = connections.check_connection(source.connection, source.reach, source.hidden)
        messages.success(request, _("It answers: %(answer)s") % {"answer": answer})
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("sources:source", pk)
