"""What a figure means, in words: one click away from every figure, and by program."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from dangol.cubes.subjects.catalogue import Additivity, Measure, Subject
from dangol.warehouse.facts import FACTS


def additivity_words() -> dict[Additivity, str]:
    """What may be done with figures of a kind."""
    return {
        Additivity.ADDITIVE: _("May be added up over any dimension."),
        Additivity.RATIO: _("Is worked out anew for each total from the sums; figures may not be added up or averaged."),
        Additivity.DISTINCT: _("Somebody may stand in several cells and counts once in the total; asked from the facts."),
        Additivity.QUANTILE: _("Exact for each cell and each total; cannot be added up and is asked from the facts."),
    }  # fmt: skip


def defined(subject: Subject, measure: Measure) -> dict[str, Any]:
    """A measure's definition."""
    tables = {source.fact: FACTS[source.fact] for source in subject.sources_of(measure)}
    return {
        "name": measure.name, "label": str(measure.label), "meaning": str(measure.meaning),
        "formula": str(measure.formula), "unit": str(measure.unit),
        "grain": "; ".join(str(t.grain) for t in tables.values()),
        "additivity": measure.additivity.value,
        "additivity_words": additivity_words()[measure.additivity],
        "source": ", ".join(tables), "source_words": ", ".join(str(t.label) for t in tables.values()),
        "digits": measure.digits, "better": measure.better, "money": measure.money,
        "dimensions": [d.name for d in subject.dimensions if subject.knows(measure, d)],
    }  # fmt: skip
