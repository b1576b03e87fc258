import pytest

from dangol.customers.homes import home_of

ONE = "서울 강남구 테헤란로 152 101동 1203호"


@pytest.mark.parametrize(
    "line",
    [
        "(06236) 서울특별시 강남구 테헤란로152, 101-1203 (역삼동)",
        "강남구 테헤란로 152 강남빌 제101동 12층 제1203호",
        "서울시 강남구 테헤란로  152,101동1203호",
    ],
)
def test_spellings_of_one_home_have_one_key(line):
    assert home_of(line) == home_of(ONE) and home_of(line).building


@pytest.mark.parametrize(
    "line",
    [
        "서울 강남구 테헤란로 152 102동 1203호",
        "서울 강남구 테헤란로 152 101동 1204호",
        "서울 강남구 테헤란로 152",
        "서울 강남구 테헤란로 152-1 101동 1203호",
        "서울 서초구 테헤란로 152 101동 1203호",
        "서울 강남구 테헤란로 152 A동 1203호",
        "서울 강남구 테헤란로 152 101동 1203호 별관",
        "서울 강남구 역삼동 737 101동 1203호",
    ],
)
def test_another_unit_building_district_or_style_is_another_home(line):
    assert home_of(line) != home_of(ONE)


def test_a_district_of_several_provinces_needs_its_province():
    assert home_of("서울 중구 세종대로 110 3층") == home_of("서울특별시 중구 세종대로 110 3층")
    assert home_of("서울 중구 세종대로 110 3층") != home_of("부산 중구 세종대로 110 3층")
    assert home_of("중구 세종대로 110 3층") == ("", "중구 세종대로 110 3층")
    assert home_of("노원 평화로 26") == ("", "노원 평화로 26")
    assert home_of("(01695) 서울 노원 평화로 26, 109-713") == home_of(
        "서울특별시 노원 평화로 26 109동 713호"
    )
    assert home_of("서울 평화로 26 3층") == ("", "서울 평화로 26 3층")


def test_what_is_no_korean_home_is_itself():
    assert home_of("12 Main Street, London") == ("", "12 Main Street, London")
    assert home_of("테헤란로 152 101동 1203호") == ("", "테헤란로 152 101동 1203호")
