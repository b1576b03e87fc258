"""Own formulas: arithmetic over measures and nothing else."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from django.utils import timezone
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from dangol.cubes.asking.formulas import Formula, WrongFormula
from dangol.warehouse.actions import copy_changes

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


@pytest.mark.parametrize(
    ("told", "kind", "decimals", "looks"),
    [("", "", None, ""), (";%;1", "%", 1, ";%;1"), (";min;", "min", None, ";min;"), ("; ; 0", "", 0, ";;0"), (";money", "money", None, ";money;")],
)  # fmt: skip
def test_its_unit_and_decimals_stand_behind_it(told, kind, decimals, looks):
    formula = Formula.of("x", f"closed / opened{told}", KNOWN)
    assert (formula.text, formula.kind, formula.decimals, formula.looks) == ("closed / opened", kind, decimals, looks)  # fmt: skip


@pytest.mark.parametrize("told", [";km;1", ";%;4", ";%;-1", ";%;x", ";%;1;2", ";%;1.0"])
def test_another_unit_is_refused(told):
    with pytest.raises(WrongFormula):
        Formula.of("x", f"closed{told}", KNOWN)


@pytest.mark.django_db
def test_a_formula_is_shown_in_its_unit_everywhere(client, world, lake_folder):
    from tests.lake.factories import a_customer, a_sale

    for n in range(3):
        a_sale(
            a_customer(),
            1000,
            place=world.place("GANGNAM"),
            kind="service" if n else "sale",
            at=timezone.now(),
        )
    copy_changes()
    client.force_login(world.alan)
    address = "/cubes/?subject=sales&rows=site&measures=transactions&period=7d"
    form = {
        "formula_name": ["비율", "건당", "길이", ""], "formula_text": ["transactions / 7 * 100", "amount / transactions", "transactions * 45", ""],
        "formula_unit": ["%", "money", "min", ""], "formula_digits": ["1", "", "0", ""],
    }  # fmt: skip
    page = client.get(address + "&look=bar&" + urlencode(form, doseq=True)).content.decode()
    for text in ("42.9%", "1,000원", "길이 (분)", ">135<", '"unit": "%"'):
        assert text in page, text
    assert "formulas=%EB%B9%84%EC%9C%A8%3Dtransactions+%2F+7+%2A+100%3B%25%3B1" in page
    assert '<option value="money" selected>' in page
    unnamed = client.get(address + "&formula_name=&formula_text=transactions").content.decode()
    assert "이름을 적어" in unnamed and "cube-wrong" in unnamed
