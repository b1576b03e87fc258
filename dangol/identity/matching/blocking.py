"""Which records are compared at all: those that agree in at least one of these ways.

The same rules run as joins over all records and as keys of one record in PostgreSQL.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Rule:
    """Records with equal, known values of these columns are compared."""

    key: str
    columns: tuple[str, ...]

    @property
    def sql(self) -> str:
        """The condition of a join of l and r."""
        same = [f"l.{c} = r.{c} and l.{c} <> ''" for c in self.columns]
        return " and ".join(same)


PEOPLE_RULES = (
    Rule("phone", ("phone",)),
    Rule("email", ("email",)),
    Rule("name_birth", ("name", "birth")),
    Rule("birth_family", ("birth", "family")),
    Rule("name_building", ("name", "building")),
    Rule("name_postcode", ("name", "postcode")),
    Rule("birth_given", ("birth", "given")),
    Rule("birth_building", ("birth", "building")),
    Rule("number", ("number",)),
    Rule("birth_postcode", ("birth", "postcode")),
    Rule("dwelling", ("building", "unit")),
)

ORGANISATION_RULES = tuple(
    Rule("organisation." + "_".join(columns), columns)
    for columns in (
        ("registration",), ("corporate",), ("phone",), ("email",), ("domain",),
        ("name", "building"), ("name", "postcode"), ("name", "owner"), ("sound", "postcode"),
        ("sound", "owner"), ("sound", "building"), ("building", "owner"), ("misread",),
    )
)  # fmt: skip
"""Their keys say the kind, so that a person and an organisation never meet."""

CROWD = 8
"""A value that more different names than this gave says nothing about who somebody is: a company's
telephone, a shop's e-mail."""


class Reachable(Protocol):
    """A record as it is compared."""

    phone2: str


def block_keys(form: Reachable, rules: tuple[Rule, ...] = PEOPLE_RULES) -> list[int]:
    """The record's keys as signed 64-bit numbers: two records with a key in common are compared."""
    found = []
    for rule in rules:
        values = [str(getattr(form, c)) for c in rule.columns]
        if all(values):
            found.append(_number(rule.key, values))
        if rule.columns == ("phone",) and form.phone2:
            found.append(_number(rule.key, [form.phone2]))
    return found


def value_key(column: str, value: str, rules: tuple[Rule, ...] = PEOPLE_RULES) -> int:
    """The key of all records that say this value of a column, which alone is a way to be compared."""
    rule = next(one for one in rules if one.columns == (column,))
    return _number(rule.key, [value])


def _number(rule: str, values: list[str]) -> int:
    digest = hashlib.blake2b("\x1f".join([rule, *values]).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
