"""What a rule may ask: the customer's columns and every fact that belongs to a customer and a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from dangol.customers.attributes.models import COLUMNS, Attribute
from dangol.customers.attributes.queries import all_attributes
from dangol.warehouse.facts import FACTS, Column, FactTable, Text, Type

CUSTOMERS, ATTRIBUTES = "customers", "customer_attributes"
OWN = "own."
"""Before an own attribute's key in the name of its criterion."""
NUMBERS = {Type.COUNT, Type.REAL, Type.MONEY, Type.NUMBER}
LINKS = {"id", "customer", "lo", "hi"}


@dataclass(frozen=True, slots=True)
class Criterion:
    """Something that an app above knows of each customer, one row a customer in a fact table."""

    name: str
    """What rules call it, for ever: “value.expected”."""
    table: str
    """A fact table with a column `customer`; of several rows of a customer the greatest counts."""
    column: str
    label: Text
    unit: Text = ""
    group: Text = ""
    """The heading under which the builder offers it."""
    choices: tuple[tuple[str, Text], ...] = ()
    """The words of a text column and how they read; a rule then says which of them."""
    only: tuple[str, str] | None = None
    """Only the table's rows whose column (the first) holds a word (the second)."""

    @property
    def type(self) -> Type:
        """What the column holds."""
        return FACTS[self.table].column(self.column).type


CRITERIA: dict[str, Criterion] = {}


def lend(*criteria: Criterion) -> None:
    """Offer criteria to rules, once the fact table is registered; from an app's `facts.py`:

    lend(Criterion("value.expected", "scores_value", "expected", _("Expected value"), _("won")))
    """
    for given in criteria:
        CRITERIA[given.name] = given


def criterion(name: str) -> Criterion:
    """A lent criterion, or one over an own attribute; KeyError for one that nobody lends."""
    if name.startswith(OWN):
        key = name.removeprefix(OWN)
        return of_attribute(all_attributes(key)[key])
    return CRITERIA[name]


def criteria() -> list[Criterion]:
    """What can be asked now: what is lent, then the own attributes in use."""
    own = sorted(all_attributes().values(), key=lambda a: (a.position, a.created_at))
    return [*CRITERIA.values(), *(of_attribute(a) for a in own if a.ended_at is None)]


def ended_criteria(names: Iterable[str]) -> set[str]:
    """Of some criteria those over own attributes that have ended."""
    own = all_attributes()
    return {
        name for name in names
        if name.startswith(OWN) and own[name.removeprefix(OWN)].ended_at is not None
    }  # fmt: skip


def of_attribute(attribute: Attribute) -> Criterion:
    """The criterion over an attribute that the company defined."""
    return Criterion(
        OWN + attribute.key, ATTRIBUTES, COLUMNS[attribute.kind], str(attribute), attribute.unit,
        _("Own attributes"), tuple(attribute.codes.items()), only=("attribute", attribute.key),
    )  # fmt: skip


def day_of(table: str) -> str:
    """The column that says on which local day a fact was; empty where there is none."""
    fact = FACTS[table]
    days = [c.name for c in fact.columns if c.type is Type.DAY]
    if "day" in days:
        return "day"
    if fact.time in days:
        return fact.time
    return days[0] if len(days) == 1 else ""


ASKED_MOST = ("transactions", "responses", "answers", "cases", "interactions")


def fact_tables() -> list[FactTable]:
    """The tables whose rows are facts of a customer, those that people ask most first."""
    rest = sorted(set(FACTS) - set(ASKED_MOST))
    return [
        fact for name, fact in ((n, FACTS[n]) for n in (*ASKED_MOST, *rest) if n in FACTS)
        if name not in (CUSTOMERS, ATTRIBUTES) and fact.customer == "customer" and day_of(name)
    ]  # fmt: skip


def usable(fact: FactTable) -> list[Column]:
    """The columns that a condition may test: references only to what people choose from."""
    return [
        c for c in fact.columns
        if c.name not in LINKS and c.type not in (Type.KEY, Type.INSTANT)
        and (not c.of or FACTS[c.of].whole)
    ]  # fmt: skip


def attributes() -> list[Column]:
    """The customer's own columns."""
    return usable(FACTS[CUSTOMERS])


FIXED: dict[tuple[str, str], dict[str, Text]] = {
    (CUSTOMERS, "gender"): {"f": _("female"), "m": _("male")},
    (CUSTOMERS, "language"): {"ko": "한국어", "en": "English"},
}
"""Codes whose fields have no list of choices, because they come from outside as they are."""
YEARS = {(CUSTOMERS, "birth_band")}
"""Numbers that are years, written without separators."""


def choices_of(table: str, column: Column) -> dict[str, str]:
    """The words of a code in the reader's language, where there is a list of choices."""
    if (table, column.name) in FIXED:
        return {code: str(label) for code, label in FIXED[table, column.name].items()}
    if column.type is not Type.TEXT or len(column.paths) != 1:
        return {}
    model = FACTS[table].model
    *way, last = column.paths[0].split(".")
    for step in way:
        model = model._meta.get_field(step).related_model
    field = model._meta.get_field(last)
    return {str(value): str(label) for value, label in field.flatchoices if value != ""}


def is_tree(column: Column) -> bool:
    """Whether a reference leads to a tree, so that “below” means something."""
    return bool(column.of) and any(c.name == "lo" for c in FACTS[column.of].columns)
