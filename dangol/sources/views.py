"""Pages of a source that exists: its runs, what was refused and strange; run, stop, pause."""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.masking import shown_name
from dangol.sources import actions
from dangol.sources.entities import columns_of, trusted_fields
from dangol.sources.leaving import leaving
from dangol.sources.models import Connection, RefusedRow, Run, Source
from dangol.sources.queries import (
    progress,
    refused_rows,
    runs_of,
    sources_visible_to,
    sources_with_standing,
    unmatched_records,
)
from dangol.sources.removing import remove_source
from dangol.sources.running.giving_up import failure_text
from dangol.sources.showing import shown_cell
from dangol.sources.transforming import STEPS
from dangol.sources.words import (
    RUN_STATES,
    STATES,
    STRANGE,
    asked_words,
    duration_words,
    place_words,
    schedule_words,
)
from dangol.ui.lists.export import harmless

SHOWN = 50
RUNS = 20


def the_source(request: HttpRequest, pk: uuid.UUID) -> Source:
    """A source that this person may see, or 404."""
    return get_object_or_404(sources_visible_to(request.user), pk=pk)  # type: ignore[arg-type]


def the_run(request: HttpRequest, pk: uuid.UUID, run: uuid.UUID) -> Run:
    """A run of a source that this person may see, or 404."""
    return get_object_or_404(runs_of(the_source(request, pk)), pk=run)


@needs("sources.see")
def source(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """A source: how it stands, its runs, how it is read."""
    found = get_object_or_404(sources_with_standing(request.user), pk=pk)  # type: ignore[arg-type]
    runs = list(runs_of(found)[:RUNS])
    last = runs[0] if runs else None
    for run in runs:
        run.source = found
    state: str = found.standing  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "source": found, "state": STATES[state], "word": state, "last": last,
        "lines": [run_line(run) for run in runs], "schedule": schedule_words(found.schedule),
        "mapping": mapping_lines(found), "under_way": bool(last and last.ended_at is None),
        "steps": STEPS, "unmatched": unmatched_records(found).count() if state == "unmatched" else 0,
    }  # fmt: skip
    if last:
        context |= standing(last)
    part = "#standing" if request.htmx and request.GET.get("part") else ""  # type: ignore[attr-defined]
    return render(request, f"sources/source.html{part}", context)


def run_line(run: Run) -> dict[str, Any]:
    """A run as the list of runs shows it."""
    return {"run": run, "state": RUN_STATES[run.state], "took": duration_words(run.seconds)}


def standing(run: Run) -> dict[str, Any]:
    """Where a run stands: progress, question, failure, what was strange."""
    return {
        "run": run, "run_state": RUN_STATES[run.state], "progress": progress(run),
        "asked": asked_words(run.asked) if run.state == "asks" else "",
        "leaving": leaving(run), "failure": failure_text(run) if run.failed_at else "",
        "strange": strange_lines(run), "took": duration_words(run.seconds),
    }  # fmt: skip


def strange_lines(run: Run) -> list[dict[str, Any]]:
    """What was strange, the most frequent first, with samples as this person may see them."""
    found = []
    for what, entry in sorted(run.strange.items(), key=lambda pair: -pair[1]["count"]):
        samples = [
            {"at": place_words(line, *at) if line or at else "", "text": shown_cell(column, text) if column else text}
            for line, column, text, *at in entry["samples"]
        ]  # fmt: skip
        found.append({"text": STRANGE.get(what, what), "count": entry["count"], "samples": samples})
    return found


def mapping_lines(found: Source) -> list[dict[str, Any]]:
    """How each column of ours is read."""
    labels = {column.name: column.label for column in columns_of(found.entity)}
    places = {name: at for at, name in enumerate(labels)}
    trusted = trusted_fields(found.entity)
    return [
        {
            "label": labels.get(name, name), "from": " + ".join(said.get("from", [])),
            "steps": [f"{STEPS[step[0]].label}{f' ({step[1]})' if len(step) > 1 and step[1] else ''}" for step in said.get("do", []) if step[0] in STEPS],
            "value": said.get("value", ""), "trust": found.trust.get(name, 50 if name in trusted else None),
        }
        for name, said in sorted(found.mapping.items(), key=lambda pair: places.get(pair[0], 99))
    ]  # fmt: skip


@needs("sources.see")
def run(request: HttpRequest, pk: uuid.UUID, run: uuid.UUID) -> HttpResponse:
    """One run with what it refused."""
    found = the_run(request, pk, run)
    labels = {column.name: column.label for column in columns_of(found.source.entity)}
    refused = [refused_line(row, labels) for row in refused_rows(found)[:SHOWN]]
    context = {
        "source": found.source, "refused": refused, "more": max(0, found.refused - SHOWN),
        **standing(found),
    }  # fmt: skip
    return render(request, "sources/run.html", context)


def refused_line(row: RefusedRow, labels: dict[str, Any]) -> dict[str, Any]:
    """A refused row in words; its cells masked like a name, for any may be one."""
    said = _(row.reason) % row.facts if row.facts else _(row.reason)
    label = labels.get(row.column)
    return {
        "at": place_words(row.line, row.file, row.file_line), "reason": f"{label}: {said}" if label else said,
        "cells": [shown_name(cell) for cell in row.cells if cell.strip()][:8],
    }  # fmt: skip


@needs("sources.run")
def refused(request: HttpRequest, pk: uuid.UUID, run: uuid.UUID) -> StreamingHttpResponse:
    """The refused rows as a file, for whoever mends the source."""
    found = the_run(request, pk, run)
    response = StreamingHttpResponse(refused_file(found), content_type="text/csv; charset=utf-8")
    name = f"refused-{found.source.code}-{found.created_at:%Y%m%d-%H%M}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class Echo:
    """Hands back what is written."""

    def write(self, text: str) -> str:
        return text


def refused_file(found: Run) -> Iterator[bytes]:
    """Where each row stands, its reason and cells, safe in a spreadsheet."""
    writer = csv.writer(Echo())
    labels = {column.name: column.label for column in columns_of(found.source.entity)}
    of_files = found.source.connection == Connection.FOLDER
    head = [*([_("File"), _("Line")] if of_files else [_("Row")]), _("Reason"), *found.names]
    yield ("\ufeff" + writer.writerow([harmless(cell) for cell in head])).encode()
    for row in refused_rows(found).iterator(chunk_size=2000):
        line = refused_line(row, labels)
        at = [row.file, row.file_line or line["at"]] if of_files else [row.line]
        cells = [*at, line["reason"], *(shown_name(cell) for cell in row.cells)]
        yield writer.writerow([harmless(str(cell)) for cell in cells]).encode()


def done(request: HttpRequest, pk: uuid.UUID, work: Any) -> HttpResponse:
    """Do one thing and show the source; a refusal is told."""
    try:
        work()
    except ValidationError as refusal:
        for message in refusal.messages:
            messages.error(request, message)
    return redirect("sources:source", pk)


@require_POST
@needs("sources.run")
def start(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Read it now; all of it, if that is asked for."""
    found = the_source(request, pk)
    full = True if request.POST.get("full") else None
    return done(request, pk, lambda: actions.start_run(found, by=request.user, full=full))  # type: ignore[arg-type]


@require_POST
@needs("sources.run")
def stop(request: HttpRequest, pk: uuid.UUID, run: uuid.UUID) -> HttpResponse:
    """Stop the run."""
    found = the_run(request, pk, run)
    return done(request, pk, lambda: actions.stop_run(found, by=request.user))  # type: ignore[arg-type]


@require_POST
@needs("sources.run")
def allow(request: HttpRequest, pk: uuid.UUID, run: uuid.UUID) -> HttpResponse:
    """It is right as it is: go on."""
    found = the_run(request, pk, run)
    return done(request, pk, lambda: actions.allow_run(found, by=request.user))  # type: ignore[arg-type]


@require_POST
@needs("sources.change")
def remove(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Take back a source that was never read."""
    found = the_source(request, pk)
    try:
        remove_source(found, by=request.user)  # type: ignore[arg-type]
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("sources:source", pk)
    messages.success(request, _("“%(name)s” was removed.") % {"name": found.name})
    return redirect("sources:list")


@require_POST
@needs("sources.run")
def pause(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """No more by schedule."""
    found = the_source(request, pk)
    return done(request, pk, lambda: actions.pause_source(found, by=request.user))  # type: ignore[arg-type]


@require_POST
@needs("sources.run")
def resumption(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """By schedule again."""
    found = the_source(request, pk)
    return done(request, pk, lambda: actions.resume_source(found, by=request.user))  # type: ignore[arg-type]
