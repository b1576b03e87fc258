"""The lists of surveys and of answers."""

from __future__ import annotations

from django.db.models import Exists, F, Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from dangol.core.audit import record_access
from dangol.core.masking import shown_name
from dangol.interactions.models import Channel
from dangol.places.filters import PlaceFilter
from dangol.surveys.models import Answer, Process, Response, Survey
from dangol.surveys.queries import responses_visible_to
from dangol.ui.lists import (
    BoolFilter,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    ListPage,
    NumberFilter,
    record_url,
)
from dangol.ui.templatetags.measures import figures
from dangol.ui.templatetags.ui import badge

LOW, HIGH = 50, 80


def score_between(rows: QuerySet, value: dict) -> QuerySet:
    """The respondent's own index between two figures in points."""
    if value["from"] is not None:
        rows = rows.filter(own__score__gte=int(value["from"] * 1000))
    if value["to"] is not None:
        rows = rows.filter(own__score__lte=int(value["to"] * 1000))
    return rows


def with_words(rows: QuerySet, value: str) -> QuerySet:
    """Responses in which the customer said something in words."""
    spoken = Answer.objects.filter(response=OuterRef("pk")).exclude(text="")
    return rows.filter(Exists(spoken)) if value == "1" else rows.exclude(Exists(spoken))


def points(row: Response) -> float | None:
    """The own index from 0 to 100, for a file."""
    score = row.score  # type: ignore[attr-defined]
    return None if score is None or row.withdrawn_at else round(score / 1000, 1)


def score_cell(row: Response) -> str:
    """The own index, coloured only where it says something."""
    if row.withdrawn_at:
        return badge(_("withdrawn"), bare=True)
    score = row.score  # type: ignore[attr-defined]
    if score is None:
        return format_html('<span class="muted">{}</span>', "–")
    index = score / 1000
    meaning = "bad" if index < LOW else "good" if index >= HIGH else "watch"
    return badge(figures(index, 1), meaning)


class ResponseList(ListPage):
    """Completed answers that the person may see, newest first."""

    key = "answers"
    title = _("Answers")
    ability = "answers.see"
    columns = [
        Column("completed_at", _("When"), sortable=True),
        Column("customer", _("Customer"), value=lambda r: shown_name(r.customer.name), main=True),
        Column("score", _("Index"), value=points, cell=score_cell, number=True),
        Column("process", _("Process"), value=lambda r: r.get_process_display()),
        Column("place", _("Site"), value=lambda r: str(r.place)),
        Column("channel", _("Channel"), value=lambda r: r.get_channel_display(), dim=True),
        Column("agent", _("Agent"), value=lambda r: r.agent and r.agent.name, dim=True),
        Column("survey", _("Survey"), value=lambda r: str(r.survey), dim=True, shown=False),
    ]
    filters = [
        PlaceFilter("place", _("Place")),
        ChoiceFilter("process", _("Process"), Process.choices),
        DateRangeFilter("day", _("Day"), day=True),
        NumberFilter("score", _("Index"), apply=score_between),
        ChoiceFilter("channel", _("Channel"), Channel.choices),
        BoolFilter(
            "words", _("Words"), yes=_("with words"), no=_("without words"), apply=with_words
        ),
        ChoiceFilter(
            "survey",
            _("Survey"),
            lambda: [(s.pk, s) for s in Survey.objects.select_related("questionnaire")],
        ),
        BoolFilter(
            "withdrawn",
            _("Withdrawn"),
            yes=_("withdrawn"),
            no=_("counting"),
            apply=lambda rows, value: rows.filter(withdrawn_at__isnull=value != "1"),
        ),
    ]
    order = "-completed_at"
    search = ("customer__name__startswith",)
    search_hint = _("Customer")
    export_ability = "answers.see"
    empty_title = _("No answers")
    empty_text = _("Answers appear here when a happy call or a personal link is completed.")

    def rows(self, request: HttpRequest) -> QuerySet[Response]:
        rows = responses_visible_to(request.user).filter(completed_at__isnull=False)  # type: ignore[arg-type]
        related = ("customer", "place", "agent", "survey__questionnaire")
        return rows.annotate(score=F("own__score")).select_related(*related)

    def row_url(self, row: Model) -> str:
        return record_url("surveys:response", row.pk)

    def shown(self, request: HttpRequest, rows: list[Response]) -> None:  # type: ignore[override]
        record_access(request, "answers", [row.customer_id for row in rows])
