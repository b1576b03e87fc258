"""What can be done to a cell."""

from __future__ import annotations

import pytest

from dangol.imports.kinds import Refused
from dangol.sources.transforming import STEPS, transformed


@pytest.mark.parametrize(
    ("step", "option", "cell", "found"),
    [
        ("family", "", "김철수", "김"), ("given", "", "김철수", "철수"),
        ("family", "", "남궁민수", "남궁"), ("given", "", "남궁민수", "민수"),
        ("family", "", "남궁 민수", "남궁"), ("family", "", "Jane Smith", "Smith"),
        ("given", "", "Jane Ann Smith", "Jane Ann"), ("family", "", "이산", "이"),
        ("postcode", "", "(06234) 서울 강남구", "06234"), ("address", "", "(06234) 서울 강남구", "서울 강남구"),
        ("postcode", "", "[135-010] 서울", "135-010"), ("postcode", "", "서울 강남구 123", ""),
        ("address_part", "district", "서울 강남구 대치동 316 은마아파트 10동 503호", "강남구"),
        ("address_part", "building", "서울 강남구 대치동 316 은마아파트 10동 503호", "은마아파트"),
        ("phone", "1", "010-2345-6789 / 02-333-4444", "010-2345-6789"),
        ("phone", "2", "010-2345-6789, 02-333-4444", "02-333-4444"),
        ("phone", "2", "010-2345-6789", ""), ("phone", "", "없어요", "없어요"),
        ("date", "dmy", "31/01/1985", "1985-01-31"), ("date", "mdy", "1/31/85", "1985-01-31"),
        ("date", "ymd", "1985.1.31", "1985-01-31"), ("date", "ymd", "850131", "1985-01-31"),
        ("date", "ymd", "050131", "2005-01-31"), ("date", "ymd", "1985년 1월 31일", "1985-01-31"),
        ("date", "", "Jan 31, 1985", "1985-01-31"), ("date", "", "31 January 1985", "1985-01-31"),
        ("date", "excel", "31078", "1985-01-31"), ("date", "seconds", "475977600", "1985-01-31T00:00:00+00:00"),
        ("date", "dmy", "31.01.1985 13:45", "1985-01-31 13:45"), ("date", "ymd", "1985-01-31", "1985-01-31"),
        ("date", "ymd", "0000-00-00", "0000-00-00"), ("date", "ymd", "모름", "모름"),
        ("codes", "1=m, 2=f", "2", "f"), ("codes", "1=m, *=?", "9", "?"), ("codes", "1=m, *=*", "9", "9"),
        ("part", "2 /", "가/나/다", "나"), ("part", "3", "a b", ""),
        ("digits", "", "010-2345", "0102345"), ("upper", "", "ab", "AB"), ("lower", "", "AB", "ab"),
    ],
)  # fmt: skip
def test_a_step(step, option, cell, found):
    assert STEPS[step].work(cell, option) == found


def test_a_code_that_is_not_in_the_table_is_refused():
    with pytest.raises(Refused):
        STEPS["codes"].work("9", "1=m")


@pytest.mark.parametrize("cell", ["1.1." + "9" * 5000, "9" * 5000 + "-1-1", "1985.01." + "1" * 5])
def test_a_date_of_endless_digits_is_refused(cell):
    with pytest.raises(Refused):
        STEPS["date"].work(cell, "ymd")


@pytest.mark.parametrize("option", ["²", "②", "9" * 5000, "zzz", "0", "-1"])
@pytest.mark.parametrize("step", ["phone", "part", "date", "codes", "upper"])
def test_an_option_that_says_nothing_is_not_taken_and_never_breaks_a_reading(step, option):
    assert not STEPS[step].takes(option)
    if step != "codes":  # a table without codes refuses every cell
        assert isinstance(STEPS[step].work("010-2345-6789 1985-01-31", option), str)


def test_names_are_joined_without_a_blank_and_other_texts_with_one():
    assert transformed(["김", "철수"], []) == "김철수"
    assert transformed(["서울 강남구", "101동"], []) == "서울 강남구 101동"
    assert transformed(["", "철수"], []) == "철수"
