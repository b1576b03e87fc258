"""Own attributes as features: numbers as they are, yes and no as 1 and 0, dates as days ago, the
commonest choices one by one. They are what is known now, not what was known at a cut."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np

from dangol.customers.attributes.models import COLUMNS, Attribute
from dangol.customers.attributes.queries import all_attributes
from dangol.scores.arrays import Floats, Ints
from dangol.scores.churn.features import Known
from dangol.warehouse.engine import Lake

CHOICES = 20
OWN = "own_"
Own = list[dict[str, Any]]
"""Attributes as a version keeps them: key, kind, unit, names; of a choice its codes with names."""


def attributes_of(asked: Any, without: str = "") -> list[Attribute]:
    """The attributes that the settings name (True: all in use), less one."""
    known = sorted(all_attributes().values(), key=lambda a: (a.position, a.created_at))
    return [
        a for a in known
        if a.ended_at is None and a.key != without and (asked is True or a.key in (asked or []))
    ]  # fmt: skip


def chosen(seen: Lake, asked: Any, without: str = "") -> Own:
    """The attributes to learn from, each choice with the codes that most customers have."""
    attributes = attributes_of(asked, without)
    common = common_choices(seen, [a.key for a in attributes if a.kind == "choice"])
    return [
        {
            "key": a.key, "kind": a.kind, "unit": a.unit, "names": [a.name, a.name_en or a.name],
            "codes": [
                [code, c["name"], c.get("name_en") or c["name"]]
                for code in common.get(a.key, []) for c in a.choices if c["code"] == code
            ],
        }
        for a in attributes
    ]  # fmt: skip


def common_choices(seen: Lake, keys: list[str]) -> dict[str, list[str]]:
    """Of each choice the codes of most customers."""
    if not keys:
        return {}
    t = seen.table("customer_attributes")
    t = t.filter(t.attribute.isin(keys), t.choice.notnull())
    counted = t.group_by(["attribute", "choice"]).agg(n=ibis._.count())
    found: dict[str, list[str]] = {}
    for row in seen.run(counted.order_by(ibis.desc("n"), "attribute", "choice")).to_pylist():
        codes = found.setdefault(row["attribute"], [])
        if len(codes) < CHOICES:
            codes.append(row["choice"])
    return found


def values_of(seen: Lake, own: Own, numbers: Ints) -> dict[str, Any]:
    """Each attribute's values for customers by number; None or nan is unknown."""
    t = seen.table("customer_attributes")
    t = t.filter(t.attribute.isin([a["key"] for a in own]))
    values = {}
    for n, a in enumerate(own):
        column, where = t[COLUMNS[a["kind"]]], t.attribute == a["key"]
        values[f"a{n}"] = (
            column.any(where=where) if a["kind"] == "yes_no" else column.max(where=where)
        )
    rows = seen.run(t.group_by("customer").agg(**values).order_by("customer"))
    known = rows["customer"].to_numpy()
    at = np.searchsorted(known, numbers)
    there = np.isin(numbers, known)
    found = {}
    for n, a in enumerate(own):
        column = rows[f"a{n}"]
        if a["kind"] == "choice":
            whole: Any = np.full(len(numbers), None, dtype=object)
            whole[there] = np.array(column.to_pylist(), dtype=object)[at[there]]
        else:
            plain = column.cast("int32") if a["kind"] == "date" else column
            whole = np.full(len(numbers), np.nan)
            whole[there] = plain.cast("float64").to_numpy(zero_copy_only=False)[at[there]]
        found[a["key"]] = whole
    return found


def matrix(
    own: Own, values: dict[str, Any], until: dt.date, customers: int
) -> tuple[Floats, list[str]]:
    """Values as features, with their names: own_key, or own_key=code for a choice."""
    columns, names = [], []
    for a in own:
        whole, name = values[a["key"]], OWN + a["key"]
        if a["kind"] == "choice":
            unknown = np.array([v is None for v in whole], dtype=bool)
            for code, *_names in a["codes"]:
                columns.append(np.where(unknown, np.nan, (whole == code).astype(np.float64)))
                names.append(f"{name}={code}")
            continue
        columns.append(day_number(until) - whole if a["kind"] == "date" else whole)
        names.append(name)
    return np.column_stack(columns) if columns else np.empty((customers, 0)), names


def day_number(day: dt.date) -> int:
    """Days since 1970, as the lake's dates are numbered."""
    return (day - dt.date(1970, 1, 1)).days


def with_own(seen: Lake, known: Known, own: Own, until: dt.date) -> Known:
    """Features with the own attributes behind them."""
    if not own:
        return known
    more, names = matrix(own, values_of(seen, own, known.number), until, len(known.number))
    return Known(known.number, np.column_stack([known.values, more]), [*known.names, *names])


@dataclass(frozen=True)
class Owner:
    """Gathers the features of each own attribute again, so that a reason speaks of the attribute."""

    own: Own
    names: list[str]

    def places(self, a: dict[str, Any]) -> list[int]:
        """Where an attribute's features stand."""
        name = OWN + a["key"]
        return [j for j, n in enumerate(self.names) if n == name or n.startswith(f"{name}=")]

    def gathered(self, added: Floats) -> tuple[Floats, list[int], Own]:
        """What each other feature and each attribute added; where the features stand; attributes."""
        plain = [j for j, n in enumerate(self.names) if not n.startswith(OWN)]
        sums = [added[:, self.places(a)].sum(axis=1) for a in self.own]
        return np.column_stack([added[:, plain], *sums]), plain, self.own

    def said(self, a: dict[str, Any], row: Floats, toward: int, until: dt.date) -> list[Any]:
        """One attribute of one customer as a reason."""
        places = self.places(a)
        return ["own", *a["names"], a["kind"], self.value(a, row, places, until), toward, a["unit"]]

    def value(self, a: dict[str, Any], row: Floats, places: list[int], until: dt.date) -> Any:
        """The value again: a figure, yes or no, a day, or both names of a choice; None if unknown."""
        if not places or np.isnan(row[places[0]]):
            return None
        if a["kind"] == "choice":
            for j, (_code, *names) in zip(places, a["codes"], strict=True):
                if row[j]:
                    return names
            return []
        figure = float(row[places[0]])
        if a["kind"] == "yes_no":
            return bool(figure)
        if a["kind"] == "date":
            return (until - dt.timedelta(days=round(figure))).isoformat()
        return round(figure, 2)
