"""What a rule may ask: the customer's columns and every fact that belongs to a customer and a day."""

from __future__ import annotations

from dangol.warehouse.facts import FACTS, Column, FactTable, Type

CUSTOMERS = "customers"
NUMBERS = {Type.COUNT, Type.REAL, Type.MONEY, Type.NUMBER}
LINKS = {"id", "customer", "lo", "hi"}


def day_of(table: str) -> str:
    """The column that says on which local day a fact was; empty where there is none."""
    fact = FACTS[table]
    days = [c.name for c in fact.columns if c.type is Type.DAY]
    if "day" in days:
        return "day"
    return fact.time if fact.time in days else ""


def fact_tables() -> list[FactTable]:
    """The tables whose rows are facts of a customer."""
    return [
        fact for name, fact in sorted(FACTS.items())
        if name != CUSTOMERS and fact.customer == "customer" and day_of(name)
    ]  # fmt: skip


def usable(fact: FactTable) -> list[Column]:
    """The columns that a condition may test."""
    return [
        c for c in fact.columns if c.name not in LINKS and c.type not in (Type.KEY, Type.INSTANT)
    ]


def attributes() -> list[Column]:
    """The customer's own columns."""
    return usable(FACTS[CUSTOMERS])


def is_tree(column: Column) -> bool:
    """Whether a reference leads to a tree, so that “below” means something."""
    return bool(column.of) and any(c.name == "lo" for c in FACTS[column.of].columns)
