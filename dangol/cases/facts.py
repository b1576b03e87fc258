"""What cases lends to the lake: categories, cases, and who held each from when to when."""

import datetime as dt
from typing import Any

import pyarrow as pa
from django.utils.translation import gettext_lazy as _

from dangol.cases.models import Case, Category, Escalation, Stint
from dangol.places.models import Place
from dangol.places.queries import timetable_of
from dangol.warehouse.facts import (
    Column,
    FactTable,
    Type,
    count,
    flag,
    instant,
    key,
    local_day,
    ref,
    register,
    seconds,
    text,
)
from dangol.warehouse.numbers import keys_of


def working_minutes(rows: pa.Table) -> dict[str, list[Any]]:
    """How long each ended stint lasted by the calendar of its site."""
    keys = keys_of(Place, set(rows["place"].to_pylist()))
    places = {place.pk: place for place in Place.objects.filter(pk__in=keys.values())}
    found: list[float | None] = []
    for row in rows.select(["place", "from_at", "to_at"]).to_pylist():
        if row["to_at"] is None:
            found.append(None)
            continue
        begun, ended = (row[name].replace(tzinfo=dt.UTC) for name in ("from_at", "to_at"))
        timetable = timetable_of(places[keys[row["place"]]], begun)
        found.append(float(timetable.minutes_between(begun, ended)))
    return {"minutes": found}


register(
    FactTable(
        name="case_categories", model=Category, label=_("Case categories"),
        grain=_("One category of the tree"), whole=True,
        columns=(
            key(),
            ref("parent", of="case_categories", label=_("Above")),
            text("code", label=_("Code")),
            text("name", label=_("Name")),
            text("name_en", label=_("English name")),
            text("kind", label=_("Kind")),
            count("minutes", label=_("Minutes allowed")),
        ),
    ),
    FactTable(
        name="cases", model=Case, label=_("Cases"),
        also=_("complaint claim VOC dissatisfied ticket problem"), grain=_("One promise to a customer"),
        time="opened_at", customer="customer",
        columns=(
            key(),
            ref("thread", of="threads", label=_("Thread")),
            ref("customer", of="customers", label=_("Customer")),
            ref("place", of="places", label=_("Owner site")),
            ref("category", of="case_categories", label=_("Category"), also=_("kind of complaint reason")),
            count("priority", label=_("Priority")),
            flag("by_rule", "({rule} IS NOT NULL)", _("Opened by a rule")),
            ref("interaction", of="interactions", label=_("Interaction")),
            ref("assigned_to", of="staff", label=_("Assigned to")),
            text("holder", label=_("Holder")),
            count("minutes", label=_("Minutes allowed")),
            instant("opened_at", label=_("Opened")),
            local_day("day", "{opened_at}", "{place.time_zone}", _("Day"), _("The day where the site is.")),
            instant("due_at", label=_("Due")),
            instant("resolved_at", label=_("Resolved")),
            instant("closed_at", label=_("Closed")),
            local_day("resolved_on", "{resolved_at}", "{place.time_zone}", _("Resolved on"), _("The day where the site is.")),
            local_day("closed_on", "{closed_at}", "{place.time_zone}", _("Closed on"), _("The day where the site is.")),
            flag("confirmed", label=_("Confirmed by the customer")),
        ),
        settled=("place",),
    ),
    FactTable(
        name="case_stints", model=Stint, label=_("Case stints"),
        grain=_("Who held a case, from when to when"), derive=working_minutes, time="from_at", customer="customer",
        settled=("place",),
        columns=(
            key(),
            ref("case", of="cases", label=_("Case")),
            ref("customer", "customers", "{case.customer}", _("Customer")),
            ref("category", "case_categories", "{case.category}", _("Category")),
            ref("place", of="places", label=_("Site")),
            count("priority", "{case.priority}", _("Priority")),
            text("holder", label=_("Holder")),
            instant("from_at", label=_("Held from")),
            local_day("day", "{to_at}", "{place.time_zone}", _("Day"), _("The day on which it ended where the site is.")),
            instant("to_at", label=_("Held until")),
            seconds("seconds", "({to_at} - {from_at})", _("Seconds"), _("By the wall clock; empty while it lasts.")),
            Column("minutes", Type.REAL, label=_("Working minutes"), derived=True,
                   meaning=_("By the site's calendar; empty while it lasts.")),
        ),
    ),
    FactTable(
        name="case_escalations", model=Escalation, label=_("Escalations"),
        also=_("overdue late delayed"),
        grain=_("One step up the tree"), time="at", customer="customer", settled=("case.place",),
        columns=(
            key(),
            ref("case", of="cases", label=_("Case")),
            ref("customer", "customers", "{case.customer}", _("Customer")),
            ref("place", of="places", label=_("Place")),
            ref("site", "places", "{case.place}", _("Owner site")),
            ref("category", "case_categories", "{case.category}", _("Category")),
            count("priority", "{case.priority}", _("Priority")),
            count("level", label=_("Level")),
            instant("at", label=_("When")),
            local_day("day", "{at}", "{case.place.time_zone}", _("Day"), _("The day where the site is.")),
        ),
    ),
)  # fmt: skip
