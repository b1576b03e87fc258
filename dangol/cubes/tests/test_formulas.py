"""Own formulas: arithmetic over measures and nothing else."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from dangol.cubes.asking.formulas import Formula, WrongFormula

KNOWN = {
    "closed": "closed",
    "opened": "opened",
    "접수": "opened",
    "닫은 건": "closed",
    "닫은 건수": "opened",
}
FIGURES = {"closed": 30, "opened": 40}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("closed / opened * 100", 75), ("opened - closed - 5", 5), ("-closed + opened", 10),
        ("2 * (closed + opened) / 7", 20), ("1.5", 1.5),
        ("닫은 건 ÷ 접수 × 100", 75), ("닫은 건수−CLOSED", 10), ("접수*2", 80), ("- - closed", 30), ("8 / 4 / 2", 1),
    ],
)  # fmt: skip
def test_it_is_worked_out_as_at_school(text, value):
    assert Formula.of("x", text, KNOWN).value(FIGURES) == pytest.approx(value)


def test_what_cannot_be_divided_gives_nothing():
    formula = Formula.of("x", "closed / opened", KNOWN)
    assert formula.value({"closed": 1, "opened": 0}) is None
    assert formula.value({"closed": None, "opened": 2}) is None
    assert Formula.of("x", "*".join(["9" * 90] * 4), KNOWN).value({}) is None


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


def test_it_is_kept_by_names_and_told_in_words_of_the_reader():
    from dangol.cubes.asking.formulas import words_of
    from dangol.cubes.subjects.catalogue import SUBJECTS

    cases = SUBJECTS["cases"]
    for text in ("Cases closed / Cases opened * 100", "종결 ÷ 접수 × 100"):
        formula = Formula.of("x", text, words_of(cases))
        assert formula.text == "closed / opened * 100"
        assert formula.names == {"closed", "opened"}
        with override("en"):
            assert formula.spoken(cases) == "Cases closed / Cases opened * 100"


def test_every_label_of_every_subject_can_be_written():
    from dangol.cubes.asking.formulas import words_of
    from dangol.cubes.subjects.catalogue import SUBJECTS

    for subject in SUBJECTS.values():
        known = words_of(subject)
        for language in ("ko", "en"):
            with override(language):
                for measure in subject.measures:
                    formula = Formula.of("x", f"2*{measure.label}-1", known)
                    assert formula.names == {measure.name}, (language, measure.name)
