"""What the builder in the browser needs to know: what can be asked, and in which words."""

from __future__ import annotations

from typing import Any as Anything

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from dangol.segments import catalogue
from dangol.segments.choosing import words_of
from dangol.warehouse.facts import FACTS, Column, FactTable, Text


def offered() -> dict[str, Anything]:
    """Everything that a rule may ask, as the builder reads it."""
    return {
        "currency": next(iter(words_of("transactions", "currency")), "KRW"),
        "attributes": columns_of(FACTS[catalogue.CUSTOMERS]),
        "facts": [
            {"name": fact.name, "label": str(fact.label), "grain": str(fact.grain),
             "also": sought(fact.label, fact.also), "columns": columns_of(fact)}
            for fact in catalogue.fact_tables()
        ],
        "scores": [
            {"name": c.name, "label": str(c.label), "unit": str(c.unit), "group": str(c.group),
             "type": str(c.type), "also": sought(c.label, c.group), "choices": [[v, str(label)] for v, label in c.choices]}
            for c in catalogue.criteria()
        ],
    }  # fmt: skip


def columns_of(fact: FactTable) -> list[dict[str, Anything]]:
    """The columns of a table that conditions may test."""
    return [told(fact.name, column) for column in catalogue.usable(fact)]


def told(table: str, column: Column) -> dict[str, Anything]:
    """One column."""
    return {
        "name": column.name, "label": str(column.label), "type": str(column.type),
        "of": column.of, "tree": catalogue.is_tree(column), "meaning": str(column.meaning),
        "also": sought(column.label, column.also),
        "choices": list(catalogue.choices_of(table, column).items()),
    }  # fmt: skip


def sought(*texts: Text) -> str:
    """The words by which something is found, in every language of the product."""
    found = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            found += [str(text) for text in texts if text]
    return " ".join(dict.fromkeys(found))


def words() -> dict[str, str]:
    """The words that the builder's script shows."""
    return {
        "at_least": _("at least"), "at_most": _("at most"), "between": _("between"),
        "exactly": _("exactly"), "is": pgettext("comparison", "is"), "measures": _("measures"),
        "is_known": _("is known"), "comparison": _("Comparison"), "yes": _("Yes"), "no": _("No"),
        "remove": _("Remove"), "copy": _("Duplicate"), "search": _("Search"), "column": _("Column"),
        "what_of_them": _("What of them"), "ask_count": _("how often"), "ask_sum": _("sum of"),
        "ask_distinct": _("different"), "ask_last": _("the last"), "ask_first": _("the first"),
        "ask_latest": _("in the latest"),
        "times": pgettext("unit", "times"), "days_ago": _("days ago"), "when": _("When"),
        "ever": _("ever"), "last_days": _("in the last"), "fixed_days": _("between days"),
        "days": _("days"), "since": _("From"), "until": _("Until"),
        "add_condition": _("condition"), "first": pgettext("sequence", "First"), "then": pgettext("sequence", "Then"),
        "followed": _("came"), "not_followed": _("came no"), "within": _("Days between"),
        "within_days": _("days"), "joined_by": _("Joined by"), "all_of": _("all of these hold"),
        "any_of": _("any of these holds"), "and": _("and"), "or": _("or"), "group": _("Group"),
        "except": _("Except"), "except_who": _("Except"), "everybody_so_far": _("Every customer, until you add a condition."),
        "empty_group": _("Add a condition."), "not": pgettext("negation", "Not"),
        "not_help": _("Those for whom it does not hold"), "add": _("Add a condition"),
        "attributes": _("Attributes"), "facts": _("Behaviour"), "scores": _("Scores"),
        "in_detail": _("Behaviour in detail"), "last_one": _("the last one"),
        "last_words": _("last time latest recent since dormant"),
        "more": _("More"), "sequence": _("Sequence: first A, then no B"),
        "other_segment": _("Another segment"), "uploaded_list": _("Uploaded list"),
        "sample": _("Fixed sample"), "in_segment": _("In the segment"), "in_list": _("In the list"),
        "percent": _("Percent"), "draw": _("draw no."), "everyone": _("Every customer"),
        "nothing_fits": _("Nothing fits."),
        "unfinished": _("Finish the marked conditions."),
        "no_lake": _("Nothing was copied into the lake yet."),
        "no_answer": _("No answer. Your rule is kept here; change something to ask again."),
        "of_everybody": _("%(share)s%% of %(of)s customers").replace("%%", "%"),
        "of_place": _("%(share)s%% of %(of)s customers of %(place)s").replace("%%", "%"),
    }  # fmt: skip
