"""Customers from files: who they are and how to reach them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from dangol.core.resident_numbers import LOOKS_LIKE_ONE, holds_number
from dangol.customers import loading
from dangol.customers.attributes.importing import OwnAttributes
from dangol.customers.company_numbers import (
    corporate_holds,
    digits_of,
    read_corporate,
    registration_holds,
)
from dangol.customers.contact_values import email_value, phone_value
from dangol.customers.hangul import initials, letters
from dangol.imports.cells import choice, code, past_day, text
from dangol.imports.kinds import Column, Kind, Refused, called, register

KINDS = {
    "person": "person", "개인": "person", "p": "person", "private": "person",
    "organisation": "organisation", "organization": "organisation", "company": "organisation",
    "법인": "organisation", "기업": "organisation", "회사": "organisation", "단체": "organisation",
}  # fmt: skip
GENDERS = {
    "m": "m", "male": "m", "남": "m", "남자": "m", "남성": "m",
    "f": "f", "female": "f", "여": "f", "여자": "f", "여성": "f",
}  # fmt: skip
LANGUAGES = {
    "ko": "ko", "kor": "ko", "korean": "ko", "한국어": "ko", "한글": "ko",
    "en": "en", "eng": "en", "english": "en", "영어": "en", "영문": "en",
}  # fmt: skip


def words(cell: str, most: int) -> str:
    """Text without a resident registration number, which nobody may store (PIPA 24-2)."""
    if holds_number(cell):
        raise Refused(LOOKS_LIKE_ONE)
    return text(cell, most)


def phone(cell: str) -> str:
    """A phone number in E.164."""
    try:
        return phone_value(cell)
    except ValidationError:
        raise Refused(gettext_noop("“%(cell)s” is not a phone number"), cell=cell[:40]) from None


def email(cell: str) -> str:
    """An e-mail address in lower case."""
    try:
        return email_value(cell)
    except ValidationError:
        raise Refused(gettext_noop("“%(cell)s” is not an e-mail address"), cell=cell[:80]) from None


def registration(cell: str) -> str:
    """The ten digits of a business registration number whose last one checks the others."""
    digits = digits_of(cell)
    if len(digits) != 10:
        raise Refused(gettext_noop("“%(cell)s” is not a business registration number: it has ten digits"), cell=cell[:40])  # fmt: skip
    if not registration_holds(digits):
        raise Refused(gettext_noop("“%(cell)s” is not a business registration number: its check digit does not hold"), cell=cell[:40])  # fmt: skip
    return digits


def corporate(cell: str) -> str:
    """The thirteen digits of a corporate number; what may be a resident's number is none."""
    digits = read_corporate(cell)
    if holds_number(cell) and not (digits and corporate_holds(digits)):
        raise Refused(LOOKS_LIKE_ONE)
    if not digits:
        raise Refused(gettext_noop("“%(cell)s” is not a corporate number: it has thirteen digits, the fifth and sixth say the kind of body"), cell=cell[:40])  # fmt: skip
    return digits


def key_of(row: dict[str, Any]) -> str:
    """A key for files without one: the name with the first way to reach the customer."""
    reach = row.get("phone") or row.get("email") or row.get("address") or ""
    return f"{row.get('name', '')}/{reach}"[:100]


COLUMNS = [
    Column("key", _("Customer number"), called(code, most=100), help=_("The key in the system that the file comes from. Without one, name and phone together are the key."),
           aliases=("고객번호", "고객ID", "고객코드", "회원번호", "회원ID", "customer id", "customer no", "custid", "id", "source key", "rec_id")),  # fmt: skip
    Column("name", _("Name"), called(words, most=120), required=True,
           aliases=("이름", "성명", "고객명", "고객이름", "회원명", "상호", "업체명", "full name", "customer name")),  # fmt: skip
    Column("kind", _("Person or organisation"), called(choice, words=KINDS),
           aliases=("고객구분", "고객유형", "개인법인", "구분", "type", "customer type")),
    Column("registration", _("Business registration number"), registration,
           aliases=("사업자번호", "사업자등록번호", "사업자 등록 번호", "business number", "business registration no", "brn"),
           help=_("Ten digits, the last of which checks the others. A row with one is an organisation unless it says otherwise.")),
    Column("corporate", _("Corporate number"), corporate,
           aliases=("법인번호", "법인등록번호", "법인 등록 번호", "corporate no", "corporate registration number", "crn"),
           help=_("Thirteen digits of the register of companies.")),
    Column("phone", _("Phone"), phone,
           aliases=("전화", "전화번호", "휴대폰", "휴대폰번호", "휴대전화", "핸드폰", "핸드폰번호", "연락처", "연락처1", "mobile", "cell", "tel", "phone number")),  # fmt: skip
    Column("phone2", _("Second phone"), phone,
           aliases=("전화2", "연락처2", "자택전화", "집전화", "직장전화", "phone 2", "home phone", "work phone")),  # fmt: skip
    Column("email", _("E-mail"), email, aliases=("이메일", "메일", "전자우편", "email address", "mail")),
    Column("address", _("Address in one line"), called(words, most=200),
           aliases=("주소", "자택주소", "도로명주소", "전체주소", "full address")),
    Column("postcode", _("Postcode"), called(code, most=12), aliases=("우편번호", "zip", "zipcode", "postal code")),
    Column("province", _("Province"), called(words, most=60), aliases=("시도", "광역시도", "state", "region")),
    Column("district", _("District"), called(words, most=60), aliases=("시군구", "구군", "city", "suburb", "town")),
    Column("street", _("Street"), called(words, most=120), aliases=("도로명", "기본주소", "주소1", "address1", "address line 1")),
    Column("detail", _("Rest of the address"), called(words, most=120), aliases=("상세주소", "주소2", "address2", "address line 2")),
    Column("country", _("Country"), called(text, most=2), aliases=("국가", "국가코드", "country code"), help=_("Two letters, such as KR.")),
    Column("given_name", _("given name"), called(text, most=60), aliases=("이름(성 제외)", "first name", "firstname")),
    Column("family_name", _("family name"), called(text, most=60), aliases=("성", "성씨", "last name", "lastname", "surname")),
    Column("born_on", _("date of birth"), past_day, sql="date", aliases=("생년월일", "생일", "birthday", "birth date", "dob", "date_of_birth")),
    Column("gender", _("gender"), called(choice, words=GENDERS), aliases=("성별", "sex")),
    Column("language", _("language"), called(choice, words=LANGUAGES), aliases=("언어", "사용언어", "lang")),
    Column("home", _("home site"), called(text, most=100), help=_("Code or name of a site."),
           aliases=("담당지점", "관리지점", "지점", "사업장", "담당사업장", "지점코드", "site", "branch", "dealer")),
    Column("tier", _("tier"), called(text, most=20), aliases=("등급", "고객등급", "회원등급", "grade")),
    Column("note", _("note"), called(words, most=4000), aliases=("메모", "비고", "특이사항", "memo", "remark", "comment")),
]  # fmt: skip

register(
    Kind(
        "customers", _("Customers"), COLUMNS, loading.judge, loading.store, order=30, icon="users",
        key_of=key_of, result_url="customers:list", help=_("People and organisations with phones, e-mail and address."),
        derived=[
            ("name_jamo", "text", "name", lambda name: letters(name)[:400]),
            ("name_initials", "text", "name", lambda name: initials(name)[:120]),
        ],
        work=[("home_id", "uuid"), ("alone", "boolean"), ("line_address", "text"), ("parts", "jsonb")],
        own=OwnAttributes(),
        of_people=True,
    )
)  # fmt: skip
