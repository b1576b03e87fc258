"""Lists behind the figures: checks that found something wrong, probable ones, records with a fault, tasks."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dangol.core.audit import record_access
from dangol.core.masking import shown_contact, shown_name, shown_phone
from dangol.customers.models import Check, ContactKind
from dangol.customers.source_names import source_name
from dangol.identity.golden.refusing import shown_cell, why_words
from dangol.places.filters import PlaceFilter
from dangol.quality.measures.fields import FAULTS, FIELDS
from dangol.quality.models import CorrectionTask, Faults, Risk, TaskOutcome
from dangol.quality.queries import (
    faults_visible_to,
    risks_visible_to,
    tasks_visible_to,
    wrong_checks_visible_to,
)
from dangol.quality.tasks.clock import DAY, time_left
from dangol.quality.words import percent
from dangol.ui.lists import (
    ChoiceFilter,
    Column,
    DateRangeFilter,
    ListPage,
    NumberFilter,
    TextFilter,
    record_url,
)
from dangol.ui.templatetags.moments import clock
from dangol.ui.templatetags.ui import badge

SEEN = "customers.see"


def whole_value(kind: str, value: str) -> str:
    """A contact point's value, whole."""
    return shown_phone(value) if kind == "phone" else value


def shown_value(kind: str, value: str) -> str:
    """A contact point's value as the person may see it."""
    return shown_contact(kind, whole_value(kind, value))


class CheckList(ListPage):
    """Checks that found a contact point wrong or its owner gone, newest first."""

    key = "quality_checks"
    title = _("Found wrong when tried")
    ability = SEEN
    columns = [
        Column("customer", _("Customer"), value=lambda c: shown_name(c.contact_point.customer.name), main=True),
        Column("kind", _("Kind"), value=lambda c: c.contact_point.get_kind_display()),
        Column("value", _("Value"), value=lambda c: shown_value(c.contact_point.kind, c.contact_point.value)),
        Column("outcome", _("Outcome"), value=lambda c: c.get_outcome_display(), cell=lambda c: badge(c.get_outcome_display(), "bad" if c.outcome == "wrong" else "watch")),
        Column("source", _("Source"), value=lambda c: str(source_name(c.source)), dim=True),
        Column("home_place", _("Home site then"), value=lambda c: c.home_place and str(c.home_place)),
        Column("at", _("Tried"), sortable=True, dim=True),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("kind", _("Kind"), ContactKind.choices, path="contact_point__kind"),
        TextFilter("source", _("Source"), apply=lambda rows, value: rows.filter(source=value)),
        PlaceFilter("site", _("Home site then"), path="home_place"),
        DateRangeFilter("at", _("Tried")),
    ]
    order = "-at"
    empty_title = _("Nothing was found wrong yet")
    empty_text = _("Each call says whether phone and address are right.")

    def rows(self, request: HttpRequest) -> QuerySet[Check]:
        rows = wrong_checks_visible_to(request.user)  # type: ignore[arg-type]
        return rows.select_related("contact_point__customer", "home_place")

    def row_url(self, row: Model) -> str:
        return record_url("customers:customer", row.contact_point.customer_id)

    def shown(self, request: HttpRequest, rows: list[Check]) -> None:
        record_access(request, "quality checks", [r.contact_point.customer_id for r in rows])


class PointList(ListPage):
    """Contact points in use, those first that are most probably wrong."""

    key = "quality_points"
    title = _("Probably wrong now")
    ability = SEEN
    columns = [
        Column("customer", _("Customer"), value=lambda r: shown_name(r.contact_point.customer.name), main=True),
        Column("kind", _("Kind"), value=lambda r: r.get_kind_display()),
        Column("value", _("Value"), value=lambda r: shown_value(r.kind, r.contact_point.value)),
        Column("chance", _("Chance of being wrong"), value=lambda r: percent(r.chance, 0), number=True, sortable=True),
        Column("right_at", _("Last known right"), value=lambda r: r.right_at or gettext("of unknown age"), dim=True),
        Column("state", _("State"), value=lambda r: r.contact_point.get_state_display()),
        Column("source", _("Source"), value=lambda r: str(source_name(r.contact_point.source)), dim=True),
        Column("place", _("Home site"), value=lambda r: r.place and str(r.place)),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("kind", _("Kind"), ContactKind.choices),
        PlaceFilter("site", _("Home site"), path="place"),
        NumberFilter("chance", _("Chance (0–1)")),
    ]
    order = "-chance"
    page_template = "quality/points.html"
    empty_title = _("No chances yet")
    empty_text = _("Every night each contact point gets the chance that it is wrong by now.")

    def rows(self, request: HttpRequest) -> QuerySet[Risk]:
        rows = risks_visible_to(request.user).filter(contact_point__ended_at=None)  # type: ignore[arg-type]
        return rows.select_related("contact_point__customer", "place")

    def row_url(self, row: Model) -> str:
        return record_url("customers:customer", row.contact_point.customer_id)

    def extra(self, request: HttpRequest) -> dict[str, Any]:
        return {"may_see": request.user.can("quality.see")}  # type: ignore[union-attr]

    def shown(self, request: HttpRequest, rows: list[Risk]) -> None:
        record_access(request, "quality points", [r.contact_point.customer_id for r in rows])


class RecordList(ListPage):
    """Source records with a fault, exactly those that a measure counts."""

    key = "quality_records"
    title = _("Records with faults")
    ability = SEEN
    columns = [
        Column("customer", _("Customer"), value=lambda f: shown_name(f.record.customer.name) if f.record.customer else _("not matched yet"), main=True),
        Column("source", _("Source"), value=lambda f: str(source_name(f.source))),
        Column("key", _("Key"), value=lambda f: f.record.key, dim=True),
        Column("said", _("The source says"), value=lambda f: said_by(f)),
        Column("faults", _("Faults"), value=lambda f: faults_of(f)),
        Column("changed_at", _("Changed"), value=lambda f: f.record.changed_at, dim=True),
        Column("place", _("Home site"), value=lambda f: f.place and str(f.place), shown=False),
    ]  # fmt: skip
    filters = [
        TextFilter("source", _("Source"), apply=lambda rows, value: rows.filter(source=value)),
        ChoiceFilter("field", _("Field"), list(FIELDS.items()), apply=lambda rows, values: rows),
        ChoiceFilter("fault", _("Fault"), list(FAULTS.items()), apply=lambda rows, values: rows),
        PlaceFilter("site", _("Home site"), path="place"),
    ]
    order = "record_id"
    empty_title = _("No record has this fault")
    empty_text = _("Records are looked at every night.")

    def rows(self, request: HttpRequest) -> QuerySet[Faults]:
        # One test of both: "missing" and "phone" must be true of the same field.
        query = request.GET
        fields = [f for f in query.getlist("field") if f in FIELDS]
        faults = [f for f in query.getlist("fault") if f in FAULTS]
        rows = faults_visible_to(request.user, fields or FIELDS, faults or FAULTS)  # type: ignore[arg-type]
        return rows.select_related("record__customer", "place")

    def row_url(self, row: Model) -> str:
        customer = row.record.customer_id
        return record_url("customers:customer", customer) if customer else ""

    def shown(self, request: HttpRequest, rows: list[Faults]) -> None:
        seen = [f.record.customer_id for f in rows if f.record.customer_id]
        record_access(request, "quality records", seen)


def said_by(row: Faults) -> str:
    """What the record says and what was refused of it, as the person may see it."""
    values = row.record.values
    parts = [shown_name(str(values.get("name") or ""))]
    parts += [
        shown_value(kind, str(values[kind])) for kind in ("phone", "email") if values.get(kind)
    ]
    parts += [
        f"{FIELDS[field]}: {shown_cell(field, cell)} ({why_words(why)})"
        for field, why, cell in row.refused
    ]
    return " · ".join(part for part in parts if part)


def faults_of(row: Faults) -> str:
    """The faults in words."""
    told = [f"{FIELDS[field]} {FAULTS[fault]}" for field, fault in row.named]
    return ", ".join(told[:4]) + (" …" if len(told) > 4 else "")


TASK_STATES = {
    "open": (pgettext_lazy("task", "Open"), Q(closed_at=None)),
    "closed": (pgettext_lazy("task", "Closed"), Q(closed_at__isnull=False)),
}
OUTCOMES = {"corrected": "good", "verified": "good", "wrong": "bad", "moved": "watch"}


def task_state(rows: QuerySet, values: list[str]) -> QuerySet:
    """Open ones, closed ones, or both."""
    test = Q(pk__in=[])
    for value in values:
        test |= TASK_STATES[value][1]
    return rows.filter(test)


def due_cell(task: CorrectionTask) -> Any:
    """When it is due and the working time left until then, or what came of it."""
    if task.closed_at:
        return badge(task.get_outcome_display(), OUTCOMES.get(task.outcome, ""))
    left = time_left(task, timezone.now())
    if left is None:
        return ""
    return format_html(
        '<span class="row"><span>{}</span><span class="muted small">{}</span>{}</span>',
        date_format(timezone.localtime(task.due_at), "SHORT_DATETIME_FORMAT"),
        gettext("working time left"),
        clock(left.seconds, running=left.running, turns_at=left.turns_at, warn=DAY),
    )


class TaskList(ListPage):
    """Correction tasks of the sites in the person's scope, the most urgent first."""

    key = "quality_tasks"
    title = _("Correction tasks")
    ability = "quality.correct"
    columns = [
        Column("customer", _("Customer"), value=lambda t: shown_name(t.contact_point.customer.name), main=True),
        Column("kind", _("Kind"), value=lambda t: t.contact_point.get_kind_display()),
        Column("value", _("Value"), value=lambda t: shown_value(t.contact_point.kind, t.contact_point.value)),
        Column("chance", _("Chance of being wrong"), value=lambda t: percent(t.chance_now, 0), number=True),
        Column("place", _("Site"), value=lambda t: str(t.place)),
        Column("owner", pgettext_lazy("task", "Owner"), value=lambda t: str(t.assigned_to) if t.assigned_to else ""),
        Column("due_at", _("Due"), value=lambda t: t.due_at, cell=due_cell, sortable=True),
        Column("created_at", _("Made"), sortable=True, dim=True),
        Column("closed_at", _("Closed"), sortable=False, dim=True, shown=False),
    ]  # fmt: skip
    filters = [
        ChoiceFilter("state", _("State"), [(k, w) for k, (w, _q) in TASK_STATES.items()], apply=task_state),
        ChoiceFilter("outcome", _("Outcome"), TaskOutcome.choices),
        ChoiceFilter("kind", _("Kind"), ContactKind.choices, path="contact_point__kind"),
        PlaceFilter("site", _("Site"), path="place"),
    ]  # fmt: skip
    presets = [(pgettext_lazy("tasks", "Open"), "state=open"), (pgettext_lazy("tasks", "Closed"), "state=closed&order=-created_at")]  # fmt: skip
    order = "due_at"
    page_template = "quality/tasks.html"
    empty_title = _("No correction tasks")
    empty_text = _("Every night the contact points that are most probably wrong become tasks of their site.")  # fmt: skip

    def rows(self, request: HttpRequest) -> QuerySet[CorrectionTask]:
        rows = tasks_visible_to(request.user)  # type: ignore[arg-type]
        return rows.select_related(
            "contact_point__customer", "contact_point__risk", "place", "assigned_to"
        )

    def row_url(self, row: Model) -> str:
        return reverse("quality:task", args=[row.pk])

    def extra(self, request: HttpRequest) -> dict[str, Any]:
        return {"may_see": request.user.can("quality.see")}  # type: ignore[union-attr]

    def shown(self, request: HttpRequest, rows: list[CorrectionTask]) -> None:
        record_access(request, "correction tasks", [t.contact_point.customer_id for t in rows])
