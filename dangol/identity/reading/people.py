"""A record of a person, read for comparison, and what was strange about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from dangol.customers.addresses import read_address
from dangol.identity.reading.days import read_birth
from dangol.identity.reading.names import NOBODY, read_name, read_parts
from dangol.identity.reading.phones import read_phone

TEST_NAMES = re.compile(
    r"^(홍길동\d*|테스트\d*|테스트(고객|회원|사용자|계정)\d*|(고객|회원)테스트\d*|시험|무명|없음|미상|고객|아무개"
    r"|test\w*|sample|asdf|n/?a)$",
    re.IGNORECASE,
)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(slots=True)
class Person:
    """What is compared of one record; every text is empty where nothing is known."""

    name: str = ""
    family: str = ""
    given: str = ""
    sound: str = ""
    latin: bool = False
    phone: str = ""
    phone2: str = ""
    email: str = ""
    number: str = ""
    """A number that the person carries from source to source, such as a membership card's."""
    birth: str = ""
    building: str = ""
    unit: str = ""
    postcode: str = ""
    gender: str = ""


COLUMNS = tuple(f.name for f in fields(Person))


def read_person(raw: dict[str, str], this_year: int) -> tuple[Person, list[str]]:
    """The record for comparison and the codes of what was strange: test_data, swapped, no_phone …"""
    strange: list[str] = []
    name, phone = raw.get("name", ""), raw.get("phone", "")
    if _is_number(name) and phone and not _is_number(phone):
        name, phone = phone, name
        strange.append("swapped")
    if TEST_NAMES.match("".join(name.split())):
        strange.append("test_data")
        name = ""
    given, family = raw.get("given_name", ""), raw.get("family_name", "")
    read = read_parts(given, family) if given or family else read_name(name) if name else NOBODY
    phones = [p for p in (read_phone(phone), read_phone(raw.get("phone2", ""))) if p]
    if phone and not read_phone(phone):
        strange.append("phone")
    email = raw.get("email", "").strip().lower()
    if email and not EMAIL.fullmatch(email):
        strange.append("email")
        email = ""
    born = raw.get("birth", "")
    birth = read_birth(born, this_year) if born else ""
    if born and not birth:
        strange.append("birth")
    where = read_address(raw.get("address", ""), raw.get("postcode", ""), raw.get("district", ""))
    return Person(
        read.whole, read.family, read.given, read.sound, read.latin,
        phones[0] if phones else "", phones[1] if len(phones) > 1 else "", email,
        re.sub(r"\W", "", raw.get("number", "")).lower(), birth,
        where.building, where.unit, where.postcode, _gender(raw.get("gender", "")),
    ), strange  # fmt: skip


def _is_number(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= 7


def _gender(text: str) -> str:
    first = text.strip().upper()[:1]
    return {"M": "M", "F": "F", "남": "M", "여": "F", "1": "M", "2": "F"}.get(first, "")
