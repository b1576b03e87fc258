"""Differences are marked to the character, in Hangul to the letter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dangol.customers.models import SourceRecord
from dangol.identity.stewarding.differences import difference
from dangol.identity.stewarding.pair import lines_of


def marked(left: str, right: str) -> tuple[str, str]:
    """Both values with what differs in brackets."""
    found = difference(left, right)
    return tuple(
        "".join(p.text if p.same else f"[{p.text}]" for p in side)
        for side in (found.left, found.right)
    )  # type: ignore[return-value]


def test_a_syllable_is_marked_and_its_letter_told() -> None:
    assert marked("홍서연", "홍서언") == ("홍서[연]", "홍서[언]")
    assert difference("홍서연", "홍서언").letters == ["ㅕ → ㅓ"]
    assert difference("박태호", "박태홀").letters == ["∅ → ㄹ"]


def test_a_blank_and_a_missing_digit_are_marked() -> None:
    assert marked("홍 서연", "홍서연") == ("홍[ ]서연", "홍서연")
    assert marked("010-4321-8765", "010-4321-875") == ("010-4321-87[6]5", "010-4321-875")


def test_composed_and_decomposed_hangul_are_the_same() -> None:
    assert difference("홍서연", "홍서연").same


def test_what_one_does_not_know_is_marked_whole() -> None:
    assert marked("", "a@b.example") == ("", "[a@b.example]")


@given(st.text("가각나난010-", max_size=12), st.text("가각나난010-", max_size=12))
def test_pieces_together_are_the_values(left: str, right: str) -> None:
    found = difference(left, right)
    assert "".join(p.text for p in found.left) == left
    assert "".join(p.text for p in found.right) == right
    same = ["".join(p.text for p in side if p.same) for side in (found.left, found.right)]
    assert same[0] == same[1] and found.same == (left == right)


def test_one_dwelling_in_two_spellings_is_almost_the_same() -> None:
    a = SourceRecord(
        pk=1, kind="person", values={"address": "경기 성남시 분당구 판교로 12 103동 1161호"}
    )
    b = SourceRecord(pk=2, kind="person", values={"address": "성남시 분당구 백현동 532 1161호"})
    (line,) = (one for one in lines_of(a, b, {}, {}) if one.field == "address")
    assert line.state == "style"
    steps = [["name", "same", 9.0], ["address", "building", 15.9]]
    (line,) = (one for one in lines_of(a, b, {}, {}, steps) if one.field == "address")
    assert line.state == "near"
    (line,) = (
        one for one in lines_of(a, b, {}, {}, [["address", "district", 1.2]])
        if one.field == "address"
    )  # fmt: skip
    assert line.state == "style"


def test_letters_of_a_road_are_not_held_against_those_of_a_lot() -> None:
    road, lot = "서울 강남구 테헤란로 152 1203호", "서울 강남구 역삼동 737 1203호"
    a, b = (SourceRecord(kind="person", values={"address": one}) for one in (road, lot))
    a.pk, b.pk = 1, 2
    [line] = [one for one in lines_of(a, b, {}) if one.field == "address"]
    assert line.state == "style" and not line.found.letters and not line.found.same
    steps = [["address", "building", 9.0]]
    [line] = [one for one in lines_of(a, b, {}, steps=steps) if one.field == "address"]
    assert line.state == "near"
    steps = [["address", "district", 4.0]]
    [line] = [one for one in lines_of(a, b, {}, steps=steps) if one.field == "address"]
    assert line.state == "style", "one district is not nearly one home"
    far = [["address", "else", -2.0]]
    [line] = [one for one in lines_of(a, b, {}, steps=far) if one.field == "address"]
    assert line.state == "other" and not line.found.letters
