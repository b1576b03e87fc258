"""Calls of programmes: attempts, who was reached, how long they took."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_lazy as _

from dangol.cubes.subjects import dimensions as by
from dangol.cubes.subjects.catalogue import (
    SECONDS,
    Additivity,
    Aggregate,
    Dimension,
    Kind,
    Measure,
    Merge,
    Part,
    Source,
    Subject,
    register,
)
from dangol.cubes.subjects.figures import as_is, ratio, share

COLUMNS = ("day", "place", "programme", "stage", "agent", "outcome", "channel")


def attempts(t: ir.Table) -> ir.Table:
    """Tries with their seconds in whole thousandths."""
    talk, wrap = t.talk_seconds.fill_null(0.0), t.wrap_seconds.fill_null(0.0)
    answered = t.answered.fill_null(False)
    return t.mutate(
        reached=answered.cast("int64"),
        talked=ibis.ifelse(answered, (talk * 1000).round().cast("int64"), 0),
        handled=ibis.ifelse(answered, ((talk + wrap) * 1000).round().cast("int64"), 0),
    )


ATTEMPTS = Source(
    "attempts", "attempts", attempts, COLUMNS,
    {
        "attempts": Part(lambda t: ibis.literal(1, "int64")),
        "reached": Part(lambda t: t.reached),
        "done": Part(lambda t: (t.outcome == "done").cast("int64")),
        "refused": Part(lambda t: (t.outcome == "refused").cast("int64")),
        "wrong": Part(lambda t: t.outcome.isin(["wrong_number", "moved"]).cast("int64")),
        "talked": Part(lambda t: t.talked),
        "handled": Part(lambda t: t.handled),
        "median_handled": Part(lambda t: ibis.ifelse(t.reached == 1, t.handled, ibis.null("int64")), Merge.MEDIAN),
        "customers": Part(lambda t: t.customer, Merge.DISTINCT),
    },
    (Aggregate("by_day", ("day", "place", "programme", "stage", "outcome")), Aggregate("by_agent", COLUMNS)), record="interaction",
)  # fmt: skip


def seconds(total: object, n: object) -> float | None:
    """Seconds from whole thousandths."""
    found = ratio(total, n)
    return None if found is None else found / 1000


register(Subject(
    name="calls", label=_("Calls"), meaning=_("Each try of a due call of a programme."),
    grain=_("One try"), sources=(ATTEMPTS,),
    dimensions=(
        *by.times(), *by.places(),
        Dimension("programme", _("Programme"), "programme", Kind.REF, table="programmes", below="stage"),
        Dimension("stage", _("Stage"), "stage", Kind.REF, table="stages"),
        by.agent(), by.outcome(), by.channel(),
    ),
    measures=(
        Measure("attempts", _("Tries"), _("Calls begun."), ("attempts",), as_is, _("number of tries")),
        Measure("reached", _("Reached"), _("Somebody answered."), ("reached",), as_is, _("number of answered tries"), better="up"),
        Measure("reach_rate", _("Reach rate"), _("The share of tries in which somebody answered."),
                ("reached", "attempts"), share, _("answered ÷ tries × 100"), "%", 1, Additivity.RATIO, "up"),
        Measure("done", _("Completed calls"), _("Tries that ended with the outcome “done”."), ("done",), as_is, _("number of tries"), better="up"),
        Measure("refusal_rate", _("Refusal rate"), _("Of those reached, the share that refused."),
                ("refused", "reached"), share, _("refused ÷ answered × 100"), "%", 1, Additivity.RATIO, "down"),
        Measure("wrong_rate", _("Wrong numbers"), _("The share of tries that met a wrong number or somebody who moved."),
                ("wrong", "attempts"), share, _("wrong or moved ÷ tries × 100"), "%", 1, Additivity.RATIO, "down"),
        Measure("handle_time", _("Average handle time"), _("Talk and wrap-up of answered calls."),
                ("handled", "reached"), seconds, _("seconds ÷ answered calls"), SECONDS, 0, Additivity.RATIO, "down"),
        Measure("talk_time", _("Average talk time"), _("From answer to end."),
                ("talked", "reached"), seconds, _("seconds ÷ answered calls"), SECONDS, 0, Additivity.RATIO),
        Measure("handle_median", _("Median handle time"), _("Half of the answered calls took less."),
                ("median_handled",), lambda v: None if v is None else float(v) / 1000, _("talk and wrap-up of answered calls"), SECONDS, 0, Additivity.QUANTILE, "down"),
        Measure("customers_called", _("Customers"), _("Different customers who were called."), ("customers",), as_is, _("number of different customers"), additivity=Additivity.DISTINCT),
    ),
    default={"rows": ("programme",), "columns": (), "measures": ("attempts", "reached", "reach_rate", "handle_time")},
    path=("programme", "stage", "region", "site", "agent", "outcome"),
    records="interactions.Interaction",
))  # fmt: skip
