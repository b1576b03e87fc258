"""Resident registration numbers are found however they are written."""

from __future__ import annotations

import pytest

from dangol.core.resident_numbers import (
    holds_number,
    with_births,
    without_marks,
    without_numbers,
)


@pytest.mark.parametrize(
    "text",
    ["900101-1234567", "9001011234567", "900101 1234567", "900101 - 1234567", "900101–1234567",
     "９００１０１－１２３４５６７", "김 900101-1234567 님", "000101-4234567", "901231-8234567",
     "900101-1******", "9001011******", "900101-1234***", "900101-1XXXXXX", "900101-1●●●●●●",
     "900101-123456*", "900101\u00ad-1234567"],
)  # fmt: skip
def test_a_number_is_found(text):
    assert holds_number(text)
    assert "[…]" in without_numbers(text) and "1234" not in without_numbers(text)


@pytest.mark.parametrize(
    "text",
    ["", "900101", "900101-*******", "010-1234-5678", "+821012345678", "991301-1234567",
     "900132-1234567", "900101-9234567", "12900101-1234567", "900101-12345678", "124-81-00998",
     "2026-01-31 12:34:56", "110101-1x"],
)  # fmt: skip
def test_what_is_none_stays(text):
    assert not holds_number(text) and without_numbers(text) == text


def test_digits_alone_stay_where_nobody_is_spoken_of():
    assert without_numbers("8801011234567", of_people=False) == "8801011234567"
    assert without_numbers("900101-1234567", of_people=False) == "[…]"


@pytest.mark.parametrize(
    ("text", "kept"),
    [("900101-1234567", "19900101-[…]"), ("0501013234567", "20050101-[…]"),
     ("９００１０１－７＊＊＊＊＊＊", "20900101-[…]")],
)  # fmt: skip
def test_the_day_of_birth_may_stay_with_its_century(text, kept):
    assert with_births(text) == kept


def test_a_mark_goes_with_what_stayed_of_its_number():
    assert without_marks("서울 […] 강남구") == "서울 강남구"
    assert without_marks("19900101-[…]") == ""
    assert without_marks("서울  강남구") == "서울  강남구"
