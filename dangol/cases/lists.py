"""The list of cases: the most urgent clock first."""

from __future__ import annotations

from functools import lru_cache

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dangol.cases.models import Case, Category, Holder, Priority
from dangol.cases.queries import cases_visible_to, clocks
from dangol.core.audit import record_access
from dangol.core.masking import shown_name, shown_words
from dangol.places.filters import PlaceFilter
from dangol.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, record_url
from dangol.ui.templatetags.moments import clock
from dangol.ui.templatetags.ui import badge

STATES = {
    "open": (
        pgettext_lazy("case", "Open"),
        Q(closed_at=None, resolved_at=None) & ~Q(holder=Holder.CUSTOMER),
    ),
    "waiting": (
        _("Waiting for the customer"),
        Q(closed_at=None, resolved_at=None, holder=Holder.CUSTOMER),
    ),
    "resolved": (_("Waiting for confirmation"), Q(closed_at=None, resolved_at__isnull=False)),
    "closed": (_("Closed"), Q(closed_at__isnull=False)),
}
MEANINGS = {"open": "watch", "waiting": "info", "resolved": "info", "closed": "good"}
PRIORITY_MEANINGS = {Priority.HIGH: "watch", Priority.URGENT: "bad"}


def by_states(rows: QuerySet, values: list[str]) -> QuerySet:
    """Cases in any of these states."""
    test = Q(pk__in=[])
    for value in values:
        test |= STATES[value][1]
    return rows.filter(test)


def overdue(rows: QuerySet, values: list[str]) -> QuerySet:
    """Cases whose clock has run out, or soon will."""
    now = timezone.now()
    test = Q(pk__in=[])
    if "over" in values:
        test |= Q(due_at__lte=now)
    if "soon" in values:
        test |= Q(due_at__gt=now, warn_at__lte=now)
    return rows.filter(test)


def clock_cell(case: Case) -> str:
    """The ticking clock; words where it stands."""
    if case.due_at is None:
        return badge(STATES[case.state][0], MEANINGS[case.state])
    reading = case.reading  # type: ignore[attr-defined]
    return clock(
        reading.seconds_left,
        running=reading.open_now,
        turns_at=reading.turns_at,
        warn=round(case.minutes * 60 / 4),
    )


def priority_cell(case: Case) -> str:
    """Only what is out of the ordinary is coloured."""
    return priority_shown(case.priority, get_language())


@lru_cache
def priority_shown(priority: int, language: str | None) -> str:
    """A priority in the reader's language."""
    meaning, label = PRIORITY_MEANINGS.get(Priority(priority), ""), Priority(priority).label
    return badge(label, meaning) if meaning else format_html('<span class="soft">{}</span>', label)


class CaseList(ListPage):
    """Cases that the person may see."""

    key = "cases"
    title = _("Cases")
    ability = "cases.see"
    columns = [
        Column("due_at", _("Time left"), cell=clock_cell, sortable=True),
        Column("number", _("No."), value=lambda c: f"#{c.number}", sortable=True, dim=True),
        Column("title", _("Title"), value=lambda c: shown_words(c.title), main=True),
        Column("customer", _("Customer"), value=lambda c: shown_name(c.customer.name)),
        Column("place", _("Site"), value=lambda c: str(c.place)),
        Column("category", _("Category"), value=lambda c: str(c.category), dim=True),
        Column(
            "priority",
            _("Priority"),
            value=lambda c: c.get_priority_display(),
            cell=priority_cell,
            sortable=True,
        ),
        Column(
            "state",
            _("State"),
            value=lambda c: str(STATES[c.state][0]),
            cell=lambda c: badge(STATES[c.state][0], MEANINGS[c.state], bare=True),
            shown=False,
        ),
        Column("assigned_to", _("Whose"), value=lambda c: c.assigned_to and str(c.assigned_to)),
        Column("opened_at", _("Opened"), sortable=True, dim=True),
    ]
    filters = [
        ChoiceFilter(
            "state", _("State"), [(k, label) for k, (label, _q) in STATES.items()], apply=by_states
        ),
        ChoiceFilter(
            "clock",
            _("Clock"),
            [("over", _("over its time")), ("soon", _("soon over"))],
            apply=overdue,
        ),
        ChoiceFilter(
            "category",
            _("Category"),
            lambda: [(c.pk, str(c)) for c in Category.objects.filter(ended_at=None)],
        ),
        ChoiceFilter("priority", _("Priority"), Priority.choices),
        PlaceFilter("place", _("Place")),
        DateRangeFilter("opened_at", _("Opened")),
    ]
    order = "due_at"
    presets = [
        (pgettext_lazy("case", "Open"), "state=open&state=waiting"),
        (_("Over time"), "clock=over"),
        (_("To confirm"), "state=resolved"),
    ]
    search = ("title", "customer__name__startswith")
    search_hint = _("Title or customer")
    export_ability = "cases.see"
    empty_title = _("No cases")
    empty_text = _("When a happy call ends with a low score, a case opens here by itself.")

    def rows(self, request: HttpRequest) -> QuerySet[Case]:
        return cases_visible_to(request.user).select_related(
            "customer", "place", "category", "assigned_to"
        )

    def row_url(self, row: Model) -> str:
        return record_url("cases:case", row.pk)

    def shown(self, request: HttpRequest, rows: list[Case]) -> None:
        readings = clocks(rows, timezone.now())
        for row in rows:
            row.reading = readings[row.pk]  # type: ignore[attr-defined]
        record_access(request, "cases", [row.customer_id for row in rows])
