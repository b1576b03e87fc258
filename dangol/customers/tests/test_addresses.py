"""Addresses of both styles in parts, as people and systems write them."""

from __future__ import annotations

import pytest

from dangol.customers.addresses import parts_of, read_address

NEW = [
    ("서울특별시 강남구 테헤란로 152, 20층 2001호 (역삼동, 강남파이낸스센터)", "",
     "서울특별시", "강남구", "테헤란로 152", "강남파이낸스센터", "20층 2001호"),
    ("(06236) 서울 강남구 테헤란로 152", "06236", "서울특별시", "강남구", "테헤란로 152", "", ""),
    ("경기도 성남시 분당구 판교역로146번길 20, 101동 1203호", "",
     "경기도", "성남시 분당구", "판교역로146번길 20", "", "101동 1203호"),
    ("부산 해운대구 센텀중앙로 97 센텀스카이비즈 A동 1502호", "",
     "부산광역시", "해운대구", "센텀중앙로 97", "센텀스카이비즈", "A동 1502호"),
    ("세종특별자치시 한누리대로 2130", "", "세종특별자치시", "", "한누리대로 2130", "", ""),
    ("강원도 평창군 대관령면 솔봉로 296", "", "강원특별자치도", "평창군", "대관령면 솔봉로 296", "", ""),
    ("전라북도 전주시 완산구 효자로 225 (효자동3가)", "",
     "전북특별자치도", "전주시 완산구", "효자로 225", "", ""),
    ("경기도 광주시 행정타운로 50", "", "경기도", "광주시", "행정타운로 50", "", ""),
    ("서울 서초구 반포대로 58, 101-1203 (서초동, 서초아트자이)", "",
     "서울특별시", "서초구", "반포대로 58", "서초아트자이", "101-1203"),
    ("대전광역시 유성구 대학로 99 지하 1층", "", "대전광역시", "유성구", "대학로 99", "", "지하 1층"),
]  # fmt: skip
OLD = [
    ("서울 강남구 대치동 316 은마아파트 10동 503호", "",
     "서울특별시", "강남구", "대치동 316", "은마아파트", "10동 503호"),
    ("서울시 중구 을지로3가 65-2", "", "서울특별시", "중구", "을지로3가 65-2", "", ""),
    ("[135-080] 서울특별시 강남구 역삼동 737번지 강남파이낸스센터 20층", "135080",
     "서울특별시", "강남구", "역삼동 737", "강남파이낸스센터", "20층"),
    ("경북 안동시 풍천면 하회리 844", "", "경상북도", "안동시", "풍천면 하회리 844", "", ""),
    ("경상남도 창원시 성산구 상남동 산 12-3", "", "경상남도", "창원시 성산구", "상남동 산 12-3", "", ""),
    ("제주 제주시 연동 312-1 302호", "", "제주특별자치도", "제주시", "연동 312-1", "", "302호"),
    ("광주 서구 치평동 1200", "", "광주광역시", "서구", "치평동 1200", "", ""),
]  # fmt: skip
NAMES = ("postcode", "province", "district", "street", "building", "detail")


@pytest.mark.parametrize("said", NEW + OLD, ids=lambda said: said[0])
def test_each_part_is_found(said):
    line, *wanted = said
    assert parts_of(line) == {name: text for name, text in zip(NAMES, wanted, strict=True) if text}


def test_the_postcode_of_another_column_is_taken():
    assert parts_of("서울 강남구 테헤란로 152", "135-080")["postcode"] == "135080"


@pytest.mark.parametrize("line", ["1600 Amphitheatre Parkway, Mountain View", "사서함 12호", ""])
def test_what_is_no_address_of_ours_stays_whole(line):
    assert parts_of(line) == ({"street": line.replace(",", "")} if line else {})


def test_a_quarter_that_ends_in_a_number_is_no_road():
    assert read_address("서울 중구 을지로3가 65").building == "중구|을지로3가 65"


def test_a_unit_right_behind_a_lot_is_no_part_of_it():
    read = read_address("서울 강남구 대치동 316-2 10동 503호")
    assert (read.building, read.unit) == ("강남구|대치동 316-2", "10-503")
