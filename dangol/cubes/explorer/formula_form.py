"""Own formulas in the explorer's form: as they were typed, and what can be written in them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from dangol.cubes.asking.formulas import MOST_DECIMALS
from dangol.cubes.asking.query import MOST_FORMULAS, Query

SIGNS = "+-×÷()"
EMPTY = {"name": "", "text": "", "error": "", "unit": "", "digits": ""}


def formula_rows(query: Query, errors: dict[str, str], typed: list[str]) -> list[dict[str, str]]:
    """The formulas as fields: what was typed stays where it cannot be read; one empty row more."""
    if wrong(errors):
        rows = [row_of(one, errors.get(f"formulas.{n}", "")) for n, one in enumerate(typed)]
    else:
        rows = [
            {
                "name": f.name,
                "text": f.spoken(query.subject),
                "error": "",
                "unit": f.kind,
                "digits": "" if f.decimals is None else str(f.decimals),
            }
            for f in query.formulas
        ]
    rows = rows[:MOST_FORMULAS]
    return rows if len(rows) == MOST_FORMULAS else [*rows, EMPTY]


def row_of(typed: str, error: str) -> dict[str, str]:
    """One formula as it was typed."""
    name, equals, text = typed.partition("=")
    text, unit, digits, *_more = [*(text if equals else name).split(";"), "", ""]
    return {"name": name if equals else "", "text": text, "error": error, "unit": unit, "digits": digits}  # fmt: skip


def wrong(errors: dict[str, str]) -> bool:
    """Whether a formula could not be read."""
    return any(name.startswith("formulas") for name in errors)


def formula_form(query: Query, errors: dict[str, str], typed: list[str]) -> dict[str, Any]:
    """What the form of formulas shows."""
    counts = [str(m.label) for m in query.subject.measures][:2]
    return {
        "rows": formula_rows(query, errors, typed), "wrong": wrong(errors), "signs": SIGNS,
        "units": [("", _("Plain number")), ("%", _("Per cent")), ("min", _("Minutes")), ("money", _("Amount"))],
        "decimals": [str(n) for n in range(MOST_DECIMALS + 1)],
        "example": " ÷ ".join(counts) + " × 100",
    }  # fmt: skip
