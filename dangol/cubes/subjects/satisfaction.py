"""Satisfaction: the index with its interval, answers, and how many of those asked answer."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir
from django.utils.translation import gettext_lazy as _

from dangol.cubes.subjects import dimensions as by
from dangol.cubes.subjects.catalogue import (
    Additivity,
    Aggregate,
    Dimension,
    Measure,
    Part,
    Silent,
    Source,
    Subject,
    Text,
    register,
)
from dangol.cubes.subjects.figures import as_is, share
from dangol.interactions.question_names import known_questions
from dangol.surveys.index import UNIT, estimate, nps

LOW = 50_000
"""Below 50 points an answer is told as low, as on the list of answers."""


def items() -> Mapping[str, Text]:
    """What the items of the indices are called."""
    from dangol.surveys.asking import in_words
    from dangol.surveys.models import Index

    found: dict[str, Text] = {"": _("Whole index"), "-": _("outside the index")}
    for index in Index.objects.order_by("number"):
        found |= {item["key"]: in_words(item.get("text")) or item["key"] for item in index.items}
    return found


def questions() -> Mapping[str, Text]:
    """What the questions say."""
    return {"": _("Whole index")} | {one.key: one.text for one in known_questions()}


def answers(t: ir.Table) -> ir.Table:
    """Scored answers that count; the respondent's own index has neither question nor item."""
    kept = t.filter(t.counts, t.score.notnull())
    item = ibis.cases((kept.question == "", ""), (kept["item"] == "", "-"), else_=kept["item"])
    return kept.mutate(item=item)


def mean(n: int, total: int, squares: int = 0) -> float | None:
    """Points."""
    return total / n / UNIT if n else None


def interval(n: int, total: int, squares: int) -> tuple[float, float] | None:
    """The 95% interval of the mean."""
    found = estimate(n or 0, total or 0, squares or 0)
    return (found.low, found.high) if found else None


ANSWERS = Source(
    "answers", "answers", answers,
    columns=("day", "place", "process", "item", "question", "survey", "channel", "agent"),
    parts={
        "scores": Part(lambda t: ibis.literal(1, "int64")),
        "points": Part(lambda t: t.score),
        "squares": Part(lambda t: t.score * t.score),
        "low": Part(lambda t: (t.score < LOW).cast("int64")),
    },
    aggregates=(
        Aggregate("by_day", ("day", "place", "process", "item")),
        Aggregate("by_week", ("week", "place", "process", "item")),
        Aggregate("by_month", ("month", "place", "process", "item")),
        # of single items by agent there are nearly as many cells as answers: those are asked from the facts
        Aggregate("by_agent", ("day", "place", "process", "survey", "channel", "agent"), (("item", ""),)),
    ),
    record="response", telling="score",
)  # fmt: skip
RECOMMEND = Source(
    "recommend", "answers", lambda t: t.filter(t.counts, t.score.notnull(), t["item"] == "nps"),
    columns=("day", "place", "process", "survey", "channel", "agent"),
    parts={
        "recommended": Part(lambda t: ibis.literal(1, "int64")),
        "promoted": Part(lambda t: t.score),
    },
    aggregates=(Aggregate("by_day", ("day", "place", "process", "survey", "channel", "agent")),),
    record="response", telling="score",
)  # fmt: skip
STARTED = Source(
    "started", "responses", lambda t: t.filter(~t.withdrawn).mutate(day=t.started_on),
    columns=("day", "place", "process", "survey", "channel", "agent"),
    parts={
        "asked": Part(lambda t: ibis.literal(1, "int64")),
        "answered": Part(lambda t: t.completed_at.notnull().cast("int64")),
    },
    aggregates=(Aggregate("by_day", ("day", "place", "process", "survey", "channel", "agent")),),
)  # fmt: skip
SUMS = ("scores", "points", "squares")

register(Subject(
    name="satisfaction", label=_("Satisfaction"),
    meaning=_("What customers answered in happy calls and by personal links."),
    grain=_("One scored answer; the index is of one respondent"),
    sources=(ANSWERS, RECOMMEND, STARTED),
    dimensions=(
        *by.times(), *by.places(), by.process(),
        Dimension("item", _("Item"), "item", meaning=_("What the index is made of."), words=items),
        Dimension("question", _("Question"), "question", words=questions),
        by.survey(), by.channel(), by.agent(),
    ),
    measures=(
        Measure("index", _("Index"), _("The mean of the respondents' own indices; by item, the mean of the item's answers."),
                SUMS, mean, _("points ÷ answers"), _("points"), 1, Additivity.RATIO, "up", interval, scale=(0, 100)),
        Measure("answers", _("Answers"), _("Completed answers that count: not withdrawn, with a score."),
                ("scores",), as_is, _("number of answers"), digits=0),
        Measure("low_share", _("Low answers"), _("The share of answers under 50 points."),
                ("low", "scores"), share, _("answers under 50 ÷ answers × 100"), "%", 1, Additivity.RATIO, "down"),
        Measure("nps", _("NPS"), _("The share of promoters (9, 10) less the share of detractors (0 to 6), from −100 to 100. At 0 there are as many of both, however high the index is."),
                ("promoted", "recommended"), lambda total, n: None if not n else nps(total / n / 1000),
                _("promoters − detractors, in per cent of those who answered"), "", 0, Additivity.RATIO, "up", scale=(-100, 100)),
        Measure("asked", _("Asked"), _("Questionnaires that were begun, by the day on which they were."),
                ("asked",), as_is, _("number of questionnaires")),
        Measure("response_rate", _("Response rate"), _("Of those begun on these days, the share that was completed since."),
                ("answered", "asked"), share, _("completed ÷ begun × 100"), "%", 1, Additivity.RATIO, "up"),
    ),
    default={
        "rows": ("region",), "columns": (), "measures": ("index", "answers", "low_share"),
        "period": "30d", "compare": "previous", "sort": "index~",
    },
    path=("region", "site", "process", "item", "agent", "week"),
    records="surveys.Response",
    silent=(Silent("item", "", unless=("item", "question")),),
))  # fmt: skip
