"""Own formulas: arithmetic over measures and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dangol.cubes.formulas import Formula, WrongFormula

KNOWN = {"closed", "opened"}
FIGURES = {"closed": 30, "opened": 40}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("closed / opened * 100", 75), ("opened - closed - 5", 5), ("-closed + opened", 10),
        ("2 * (closed + opened) / 7", 20), ("1.5", 1.5), ("- - closed", 30), ("8 / 4 / 2", 1),
    ],
)  # fmt: skip
def test_it_is_worked_out_as_at_school(text, value):
    assert Formula.of("x", text, KNOWN).value(FIGURES) == pytest.approx(value)


def test_what_cannot_be_divided_gives_nothing():
    formula = Formula.of("x", "closed / opened", KNOWN)
    assert formula.value({"closed": 1, "opened": 0}) is None
    assert formula.value({"closed": None, "opened": 2}) is None
    assert Formula.of("x", "*".join(["9" * 100] * 4), KNOWN).value({}) is None


@pytest.mark.parametrize(
    "text",
    ["", "closed /", "(closed", "closed)", "closed opened", "closed ** 2", "__import__('os')",
     "other", "closed.real", "1 if closed else 2", "(" * 30 + "1" + ")" * 30, "1+" * 200 + "1"],
)  # fmt: skip
def test_anything_else_is_refused(text):
    with pytest.raises(WrongFormula):
        Formula.of("x", text, KNOWN)


@given(st.text(alphabet="closedpn0123456789.+-*/() ", max_size=60))
def test_no_text_breaks_it(text):
    try:
        value = Formula.of("x", text, KNOWN).value(FIGURES)
    except WrongFormula:
        return
    assert value is None or isinstance(value, float)
