"""The list of sources: the scheduler of everything."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dangol.sources.gone_sites import gone_sites_visible_to
from dangol.sources.models import Connection, Entity, Run, Source
from dangol.sources.queries import count_by_standing, sources_with_standing
from dangol.sources.scheduling.recurring import recurring_jobs
from dangol.sources.words import STATES, duration_words, schedule_words
from dangol.ui.lists import ChoiceFilter, Column, ListPage
from dangol.ui.lists.columns import NOTHING
from dangol.ui.templatetags.measures import figures
from dangol.ui.templatetags.ui import badge

URGENT = {"bad": 0, "watch": 1, "info": 2}
"""What stands first above the list."""


def last_run(source: Any) -> Run | None:
    """The newest run that came with the row."""
    return source.last_runs[0] if source.last_runs else None


def state_cell(source: Any) -> Any:
    """Where it stands, as a badge."""
    return badge(*STATES[source.standing])


def next_cell(source: Any) -> Any:
    """When it is read next."""
    return None if source.paused_at or not source.ready_at else source.next_at


def changes_cell(source: Any) -> Any:
    """New, changed and gone of the last run."""
    run = last_run(source)
    if run is None:
        return NOTHING
    parts = [(n, f"{sign}{figures(n)}" if n else "–") for sign, n in (("+", run.new), ("~", run.changed), ("−", run.gone))]  # fmt: skip
    inside = format_html_join("", '<span class="{}">{}</span>', (("" if n else "muted", told) for n, told in parts))  # fmt: skip
    return format_html('<span class="source-counts">{}</span>', inside)


class SourceList(ListPage):
    """Every source with its schedule, last and next run; below, the product's own jobs."""

    key = "sources"
    title = pgettext_lazy("connected", "Sources")
    ability = "sources.see"
    order = "name"
    columns = [
        Column("name", pgettext_lazy("connected", "Source"), main=True, sortable=True),
        Column("state", _("State"), value=lambda s: str(STATES[s.standing][0]), cell=state_cell),
        Column("entity", _("Holds"), value=lambda s: s.get_entity_display()),
        Column("connection", _("Reached by"), value=lambda s: s.get_connection_display(), dim=True),
        Column("schedule", _("Schedule"), value=lambda s: schedule_words(s.schedule)),
        Column("last_at", _("Last run"), value=lambda s: run.begun_at if (run := last_run(s)) else None, dim=True),
        Column("took", _("Took"), value=lambda s: duration_words(run.seconds) if (run := last_run(s)) else None, number=True),
        Column("rows", _("Rows"), value=lambda s: run.rows if (run := last_run(s)) else None, number=True),
        Column("changes", _("New · changed · gone"), value=lambda s: f"{run.new} {run.changed} {run.gone}" if (run := last_run(s)) else "", cell=changes_cell, number=True),
        Column("refused", _("Refused"), value=lambda s: run.refused if (run := last_run(s)) else None, number=True),
        Column("next_at", _("Next run"), value=next_cell, dim=True),
    ]  # fmt: skip
    filters = [
        ChoiceFilter(
            "state",
            _("State"),
            lambda: [(key, word) for key, (word, _meaning) in STATES.items()],
            path="standing",
        ),
        ChoiceFilter("entity", _("Holds"), lambda: list(Entity.choices)),
        ChoiceFilter("connection", _("Reached by"), lambda: list(Connection.choices)),
    ]
    search = ("name", "code", "system")
    search_hint = _("Source or system")
    export_ability = "sources.see"
    empty_title = _("No source is connected yet")
    empty_text = _("Connect the databases, files and services that know your customers. They are read by schedule, and nothing in them is changed.")  # fmt: skip
    page_template = "sources/list.html"

    def rows(self, request: HttpRequest) -> QuerySet[Source]:
        return sources_with_standing(request.user)  # type: ignore[arg-type]

    def row_url(self, row: Model) -> str:
        return reverse("sources:source", args=[row.pk])

    def extra(self, request: HttpRequest) -> dict[str, Any]:
        counts = count_by_standing(request.user)  # type: ignore[arg-type]
        standings = [
            (word, counts[key], meaning, f"{request.path}?state={key}")
            for key, (word, meaning) in sorted(STATES.items(), key=lambda pair: URGENT.get(pair[1][1], 3))
            if key in counts
        ]  # fmt: skip
        return {
            "jobs": recurring_jobs(), "standings": standings if len(standings) > 1 else [],
            "gone_sites": gone_sites_visible_to(request.user).count(),  # type: ignore[arg-type]
        }  # fmt: skip
