"""Names and numbers of organisations are read in one form."""

from __future__ import annotations

import pytest

from dangol.customers.company_numbers import read_corporate, read_registration
from dangol.identity.reading.company_names import read_company
from dangol.identity.reading.organisations import domain_of, read_organisation

ONE_NAME = [
    ["㈜삼성전자", "삼성전자 주식회사", "(주) 삼성 전자", "삼성전자(주)", "주식회사삼성전자", "삼성전자(유)"],
    ["LG Electronics Inc.", "엘지전자(주)", "LG전자", "L.G. ELECTRONICS CO., LTD.", "ＬＧ전자"],
    ["한빛유한책임회사", "한빛 합자회사", "사단법인 한빛", "의료법인한빛", "한빛협동조합", "농업회사법인 주식회사 한빛"],
    ["The Foo Company", "Foo GmbH", "FOO S.A.", "foo plc", "Foo, Incorporated"],
]  # fmt: skip


@pytest.mark.parametrize("spelled", ONE_NAME)
def test_legal_forms_and_widths_are_no_part_of_a_name(spelled: list[str]) -> None:
    assert len({read_company(one).whole for one in spelled}) == 1


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [
        ("삼성전자", "Samsung Electronics Co., Ltd."), ("현대자동차", "HYUNDAI MOTOR COMPANY"),
        ("한빛건설", "Hanbit Construction Corp."), ("국민은행", "Kookmin Bank"),
    ],
)  # fmt: skip
def test_hangul_and_english_names_sound_the_same(hangul: str, latin: str) -> None:
    assert read_company(hangul).sound == read_company(latin).sound
    assert read_company(hangul).whole != read_company(latin).whole


@pytest.mark.parametrize(
    "name",
    ["삼성전자 강남지점", "삼성전자(주)강남지점", "삼성전자강남지점", "삼성전자(강남지점)", "㈜삼성전자 강남영업소"],
)  # fmt: skip
def test_a_branch_stands_apart_from_the_name(name: str) -> None:
    read = read_company(name)
    assert (read.whole, read.branch) == (read_company("삼성전자").whole, "KANAM")


def test_the_head_office_is_no_branch_and_english_branches_are_heard() -> None:
    assert read_company("삼성전자 본사") == read_company("삼성전자")
    assert (
        read_company("Hanbit Bank (Busan Branch)").branch
        == read_company("한빛은행 부산지점").branch
    )


def test_a_company_called_by_its_legal_form_keeps_its_name() -> None:
    assert read_company("주식회사").whole and read_company("Company").whole
    assert read_company("!!").whole == ""


def test_a_registration_number_holds_or_is_a_slip() -> None:
    assert (
        read_registration("124-81-00998")
        == read_registration("１２４８１００９９８")
        == "1248100998"
    )
    assert read_registration("124-81-00989") == read_registration("000-00-00000") == ""
    read, strange = read_organisation({"name": "삼성전자", "registration": "124-81-00989"}, 2026)
    assert (read.registration, read.misread, strange) == ("", "1248100989", ["registration"])


def test_a_corporate_number_is_no_resident_number() -> None:
    assert read_corporate("130111-0006246") == "1301110006246"
    assert read_corporate("810101-1234567") == read_corporate("130111-000624") == ""


def test_a_domain_is_a_company_s_own_or_none() -> None:
    assert (
        domain_of("kim@mail.hanbit.co.kr")
        == domain_of("https://www.hanbit.co.kr/a")
        == "hanbit.co.kr"
    )
    assert domain_of("hanbit@naver.com") == domain_of("hanbit") == domain_of("") == ""
