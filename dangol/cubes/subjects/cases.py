"""The case cycle: opened, resolved, closed, minutes per holder, median, p90 and breaches."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_lazy as _

from dangol.cubes.subjects import dimensions as by
from dangol.cubes.subjects.catalogue import (
    MINUTES,
    Additivity,
    Aggregate,
    Dimension,
    Measure,
    Merge,
    Part,
    Source,
    Subject,
    register,
)
from dangol.cubes.subjects.figures import as_is, minutes_of, ratio, share

KEYS = ("day", "place", "category", "priority", "by_rule")
MONTHS = ("month", "place", "category", "priority", "by_rule")


def one() -> Part:
    """A row counts once."""
    return Part(lambda t: ibis.literal(1, "int64"))


def flagged(t: ir.Table) -> ir.Table:
    """Flags as words, so that they are members like others."""
    return t.mutate(by_rule=ibis.ifelse(t.by_rule, "true", "false"), priority=t.priority.cast("string"))  # fmt: skip


def resolved(t: ir.Table) -> ir.Table:
    """Cases on the day on which they were resolved, with the minutes by the wall clock until then."""
    kept = flagged(t.filter(t.resolved_on.notnull()))
    lasted = (kept.resolved_at.epoch_seconds() - kept.opened_at.epoch_seconds()).cast("int64")
    return kept.mutate(day=kept.resolved_on, lasted=lasted * 1000 // 60)


def stints(t: ir.Table) -> ir.Table:
    """Ended stints with their working minutes in whole thousandths."""
    kept = t.filter(t.minutes.notnull(), t.day.notnull())
    return kept.mutate(
        priority=kept.priority.cast("string"), spent=(kept.minutes * 1000).round().cast("int64")
    )


def breaches(t: ir.Table) -> ir.Table:
    """The first step up: the moment at which the clock ran out."""
    first = t.filter(t.level == 1)
    return first.mutate(place=first.site, priority=first.priority.cast("string"))


OPENED = Source("opened", "cases", flagged, KEYS, {"opened": one()},
                (Aggregate("by_day", KEYS), Aggregate("by_month", MONTHS)))  # fmt: skip
RESOLVED = Source(
    "resolved", "cases", resolved, KEYS,
    {
        "resolved": one(), "lasted": Part(lambda t: t.lasted),
        "confirmed": Part(lambda t: t.confirmed.fill_null(False).cast("int64")),
        "asked_whether": Part(lambda t: t.confirmed.notnull().cast("int64")),
        "median_lasted": Part(lambda t: t.lasted, Merge.MEDIAN),
        "p90_lasted": Part(lambda t: t.lasted, Merge.P90),
    },
    (Aggregate("by_day", KEYS), Aggregate("by_month", MONTHS)),
)  # fmt: skip
CLOSED = Source("closed", "cases", lambda t: flagged(t.filter(t.closed_on.notnull()).mutate(day=t.closed_on)),
                KEYS, {"closed": one()}, (Aggregate("by_day", KEYS), Aggregate("by_month", MONTHS)))  # fmt: skip
STINTS = Source(
    "stints", "case_stints", stints, ("day", "place", "category", "priority", "holder"),
    {
        "stints": one(), "spent": Part(lambda t: t.spent),
        "median_spent": Part(lambda t: t.spent, Merge.MEDIAN),
        "p90_spent": Part(lambda t: t.spent, Merge.P90),
    },
    (Aggregate("by_day", ("day", "place", "category", "priority", "holder")),), record="case",
)  # fmt: skip
BREACHES = Source("breaches", "case_escalations", breaches, ("day", "place", "category", "priority"),
                  {"breaches": one()}, (Aggregate("by_day", ("day", "place", "category", "priority")),), record="case")  # fmt: skip

WALL = _("minutes by the wall clock, from opening to resolution")
OWN = _("working minutes of ended stints, by the calendar of the site")

register(Subject(
    name="cases", label=_("Case cycle"),
    meaning=_("From the customer's voice to full resolution, in minutes, and who held it."),
    grain=_("One case; minutes are of one stint of one holder"),
    sources=(OPENED, RESOLVED, CLOSED, STINTS, BREACHES),
    dimensions=(
        *by.times(), *by.places(), by.category(), by.priority(), by.holder(),
        Dimension("by_rule", _("Opened by a rule"), "by_rule", words=by.yes_or_no),
    ),
    measures=(
        Measure("opened", _("Cases opened"), _("By the day of opening."), ("opened",), as_is, _("number of cases"), better="down"),
        Measure("resolved", _("Cases resolved"), _("By the day of resolution."), ("resolved",), as_is, _("number of cases"), better="up"),
        Measure("closed", _("Cases closed"), _("By the day of closing."), ("closed",), as_is, _("number of cases"), better="up"),
        Measure("breaches", _("Breaches"), _("Cases whose clock ran out, by that day."), ("breaches",), as_is, _("number of first escalations"), better="down"),
        Measure("breach_share", _("Breach rate"), _("Clocks that ran out on these days for each hundred cases opened on them."),
                ("breaches", "opened"), share, _("breaches ÷ opened × 100"), "%", 1, Additivity.RATIO, "down",
                scale=(0, 1000)),  # clocks of earlier cases run out too: it may pass 100
        Measure("cycle_median", _("Median until resolved"), _("Half of the cases took less."), ("median_lasted",), minutes_of, WALL, MINUTES, 0, Additivity.QUANTILE, "down"),
        Measure("cycle_p90", _("P90 until resolved"), _("Nine of ten cases took less."), ("p90_lasted",), minutes_of, WALL, MINUTES, 0, Additivity.QUANTILE, "down"),
        Measure("cycle_mean", _("Mean until resolved"), _("Drawn up by few long cases; the median is not."), ("lasted", "resolved"),
                lambda total, n: minutes_of(ratio(total, n)), WALL, MINUTES, 0, Additivity.RATIO, "down"),
        Measure("minutes", _("Working minutes"), _("Spent by a holder, of stints that ended on these days."), ("spent",), lambda v: minutes_of(v or 0), OWN, MINUTES, 0, better="down"),
        Measure("stint_median", _("Median stint"), _("Half of the stints took fewer working minutes."), ("median_spent",), minutes_of, OWN, MINUTES, 0, Additivity.QUANTILE, "down"),
        Measure("stint_p90", _("P90 stint"), _("Nine of ten stints took fewer working minutes."), ("p90_spent",), minutes_of, OWN, MINUTES, 0, Additivity.QUANTILE, "down"),
        Measure("confirmed_share", _("Confirmed by customers"), _("Of those asked whether it is solved, the share that said yes."),
                ("confirmed", "asked_whether"), share, _("yes ÷ asked × 100"), "%", 1, Additivity.RATIO, "up"),
    ),
    default={"rows": ("region",), "columns": (), "measures": ("opened", "closed", "breaches", "cycle_median", "cycle_p90"), "compare": "previous"},
    path=("region", "site", "category", "priority", "week"),
    records="cases.Case",
))  # fmt: skip
