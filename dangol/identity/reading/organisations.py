"""A record of an organisation, read for comparison, and what was strange about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from dangol.customers.addresses import read_address
from dangol.customers.company_numbers import digits_of, read_corporate, registration_holds
from dangol.identity.reading.company_names import NO_NAME, read_company
from dangol.identity.reading.company_words import FREE_MAIL
from dangol.identity.reading.names import read_name
from dangol.identity.reading.people import EMAIL, TEST_NAMES
from dangol.identity.reading.phones import read_phone

SECOND_LEVEL = {"co", "or", "ac", "go", "ne", "re", "pe", "com", "org", "net", "gov", "edu"}


@dataclass(slots=True)
class Organisation:
    """What is compared of one record; every text is empty where nothing is known."""

    name: str = ""
    sound: str = ""
    latin: bool = False
    branch: str = ""
    registration: str = ""
    """The business registration number, where its check digit holds."""
    misread: str = ""
    """Ten digits whose check digit does not hold: evidence of a slip, never of another company."""
    corporate: str = ""
    phone: str = ""
    phone2: str = ""
    email: str = ""
    domain: str = ""
    owner: str = ""
    """The representative's name."""
    building: str = ""
    unit: str = ""
    postcode: str = ""


COLUMNS = tuple(f.name for f in fields(Organisation))


def read_organisation(raw: dict[str, str], this_year: int) -> tuple[Organisation, list[str]]:
    """The record for comparison and the codes of what was strange: registration, phone, email …"""
    strange: list[str] = []
    name = raw.get("name", "")
    if TEST_NAMES.match("".join(name.split())):
        strange.append("test_data")
        name = ""
    read = read_company(name) if name else NO_NAME
    number = digits_of(raw.get("registration", ""))
    valid = registration_holds(number)
    if number and not valid:
        strange.append("registration")
    phones = [p for p in map(read_phone, (raw.get("phone", ""), raw.get("phone2", ""))) if p]
    if raw.get("phone") and not read_phone(raw["phone"]):
        strange.append("phone")
    email = raw.get("email", "").strip().lower()
    if email and not EMAIL.fullmatch(email):
        strange.append("email")
        email = ""
    owner = raw.get("owner", "")
    where = read_address(raw.get("address", ""), raw.get("postcode", ""), raw.get("district", ""))
    return Organisation(
        read.whole, read.sound, read.latin, read.branch, number if valid else "",
        number if len(number) == 10 and not valid and len(set(number)) > 1 else "",
        read_corporate(raw.get("corporate", "")), phones[0] if phones else "",
        phones[1] if len(phones) > 1 else "", email,
        domain_of(email) or domain_of(raw.get("website", "")), read_name(owner).whole if owner else "",
        where.building, where.unit, where.postcode,
    ), strange  # fmt: skip


def domain_of(text: str) -> str:
    """mail.hanbit.co.kr of an e-mail or a page → hanbit.co.kr; "" where anybody has an address."""
    host = text.strip().lower().rpartition("@")[2]
    host = re.sub(r"^[a-z]+://", "", host).split("/")[0].split(":")[0]
    labels = host.split(".")
    if len(labels) < 2 or not all(labels):
        return ""
    size = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL else 2
    found = ".".join(labels[-size:])
    return "" if found in FREE_MAIL else found
