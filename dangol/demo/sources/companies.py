"""Which companies there really are, and how the books of several systems know them.

What is hard about recognising organisations is drawn on purpose: legal forms in ten spellings, names in
English, namesakes, branches with and without a number of their own, digits exchanged, moves, new
representatives, new names, many firms in one building.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from random import Random

import numpy as np

from dangol.customers.company_numbers import check_digit
from dangol.demo.names import FIRST, SECOND
from dangol.demo.sources import mishaps
from dangol.demo.sources.population import NOW, Draw, Home

COLUMNS = (
    "source", "key", "name", "registration", "corporate", "owner", "phone", "email", "website", "address", "postcode",
)  # fmt: skip
TRADES = {
    "전자": "Electronics", "건설": "Construction", "산업": "Industries", "상사": "Trading",
    "정밀": "Precision", "푸드": "Foods", "로지스": "Logistics", "테크": "Tech",
    "엔지니어링": "Engineering", "화학": "Chemical", "제약": "Pharm", "기계": "Machinery",
    "시스템": "Systems", "에너지": "Energy", "운수": "Transport", "렌터카": "Rentacar",
    "물산": "Mulsan", "섬유": "Textile", "바이오": "Bio", "디자인": "Design",
}  # fmt: skip
TOWNS = ("강남", "부산", "대구", "인천", "수원", "광주", "대전", "성남", "청주", "울산")
COMMON = (
    "대한",
    "한국",
    "동양",
    "삼성",
    "현대",
    "제일",
    "우리",
    "신한",
    "태평양",
    "미래",
    "한빛",
    "대성",
)
"""Names that everywhere somebody has."""
BEFORE = ("㈜", "(주)", "주식회사 ", "(주) ", "㈜ ")
BEHIND = ("㈜", "(주)", " 주식회사", " (주)", "주식회사")
ENGLISH = (" Co., Ltd.", " Inc.", " CO.,LTD.", " Corp.", " Corporation", ", Inc.", "")


@dataclass(slots=True)
class Company:
    """One organisation of the hidden truth; whatever changed stands from the oldest to the present."""

    number: int
    names: list[str]
    trade: str
    registration: str
    corporate: str
    owners: list[str]
    phones: list[str]
    emails: list[str]
    homes: list[Home]
    changed: int
    """The year in which it moved, and its owner changed."""
    branches: list[str] = field(default_factory=list)
    """Towns of branches that share its number."""
    branch: str = ""
    """Its town, where it is a branch with a number of its own."""

    def at[T](self, values: list[T], year: int) -> T:
        """What held in a year."""
        return values[-1] if year >= self.changed else values[0]


@dataclass(frozen=True, slots=True)
class Book:
    """What one system keeps of organisations."""

    code: str
    reach: float
    since: int
    registration: float
    """Share of records that have the number."""
    corporate: float
    owner: float
    email: float
    address: float
    english: float
    care: float = 1.0


BOOKS = (
    Book("ERP", 0.85, 2019, 0.97, 0.6, 0.8, 0.5, 0.95, 0.01, 0.6),
    Book("INVOICES", 0.90, 2017, 0.99, 0.1, 0.9, 0.8, 0.9, 0.0, 1.0),
    Book("B2BSHOP", 0.60, 2020, 0.70, 0.0, 0.5, 1.0, 0.8, 0.05, 1.2),
    Book("FLEET", 0.60, 2015, 0.85, 0.3, 0.7, 0.4, 0.9, 0.0, 1.0),
    Book("SALES", 0.60, 2018, 0.45, 0.0, 0.8, 0.7, 0.85, 0.04, 1.5),
    Book("EXPORT", 0.30, 2018, 0.60, 0.0, 0.6, 0.9, 0.7, 0.9, 1.0),
)


def companies(number: int, seed: int, names: list[str] | None = None) -> list[Company]:
    """So many organisations, of these names where they are given."""
    rng = np.random.default_rng(seed)
    draw, found = Draw(rng), []
    while len(found) < number:
        at = len(found)
        head = company(at, draw, names[at] if names else "")
        found.append(head)
        if not names and rng.random() < 0.05 and head.corporate and len(found) < number:
            found.append(branch_of(head, len(found), draw))
        elif not names and rng.random() < 0.04 and len(found) < number:
            found.append(sister_of(head, len(found), draw))
        elif not names and rng.random() < 0.03 and at:
            neighbour_of(head, found[-2])
        elif rng.random() < 0.05:
            head.branches = [TOWNS[int(rng.integers(len(TOWNS)))]]
    return found


def company(number: int, draw: Draw, name: str = "") -> Company:
    """One organisation with its past."""
    rng = draw.rng
    trades = list(TRADES)
    trade = trades[int(rng.integers(len(trades)))]
    root = word(rng) + (word(rng) if rng.random() < 0.6 else "")
    if rng.random() < 0.15:
        root = COMMON[int(rng.integers(len(COMMON)))]
    names = [name or root + trade]
    if rng.random() < 0.02 and not name:
        names.append(word(rng) + word(rng) + trade)
    body = (
        f"{rng.integers(1101, 1999):04}11{rng.integers(0, 9_999_999):07}"
        if rng.random() < 0.75
        else ""
    )
    owners, homes = [draw.family() + draw.given()], [draw.home()]
    if rng.random() < 0.12:
        owners.append(draw.family() + draw.given())
    if rng.random() < 0.15:
        homes.append(draw.home())
    place = f"firm{number}"
    domain = f"{place}.co.kr" if rng.random() < 0.7 else ("naver.com", "hanmail.net")[number % 2]
    emails = [
        f"{box}@{domain}" if domain.startswith("firm") else f"{place}{box}@{domain}"
        for box in ("info", "tax", "sales")
    ]
    phone = land_line(rng)
    phones = [phone, phone[:-2] + f"{rng.integers(100):02}", draw.phone()]
    return Company(
        number, names, trade, registration(number, rng), body, owners, phones, emails, homes,
        int(rng.integers(2016, NOW)),
    )  # fmt: skip


def branch_of(head: Company, number: int, draw: Draw) -> Company:
    """A branch with a registration number of its own: another customer, of the same body."""
    rng = draw.rng
    phone = land_line(rng)
    return Company(
        number, head.names, head.trade, registration(number, rng), head.corporate, head.owners,
        [phone, phone[:-2] + f"{rng.integers(100):02}", draw.phone()], [f"branch{number}@{head.emails[0].partition('@')[2]}"],
        [draw.home()], head.changed, branch=TOWNS[int(rng.integers(len(TOWNS)))],
    )  # fmt: skip


def sister_of(head: Company, number: int, draw: Draw) -> Company:
    """Another company of the same owner at the same place: what differs is trade and number."""
    rng = draw.rng
    trade = next(t for t in TRADES if t != head.trade)
    names = [name.removesuffix(head.trade) + trade for name in head.names]
    body = f"{head.corporate[:6]}{rng.integers(0, 9_999_999):07}" if head.corporate else ""
    return replace(
        head, number=number, names=names, trade=trade, registration=registration(number, rng),
        corporate=body, branches=[],
    )  # fmt: skip


def neighbour_of(company: Company, other: Company) -> None:
    """Two companies in one building behind one switchboard."""
    company.homes[-1] = other.homes[-1]
    company.phones[0] = other.phones[0]


def word(rng: np.random.Generator) -> str:
    """A syllable or two of a name."""
    return str(FIRST[int(rng.integers(len(FIRST)))] + SECOND[int(rng.integers(len(SECOND)))])


def land_line(rng: np.random.Generator) -> str:
    """A number of an office."""
    area = ("02", "031", "051", "053", "032", "062", "042")[int(rng.integers(7))]
    return f"{area}{rng.integers(2000, 9999)}{rng.integers(10_000):04}"


def registration(number: int, rng: np.random.Generator) -> str:
    """A business registration number that holds, no two the same."""
    nine = f"{(101 + number * 7919) % 899 + 100:03}{81 + number % 7:02}{number % 10_000:04}"
    return nine + check_digit(nine)


def company_records(
    found: list[Company], books: tuple[Book, ...], seed: int
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(number of the company, values of COLUMNS) of every record of every book."""
    for book in books:
        rng, key = Random(f"{seed}:{book.code}"), 0
        for one in found:
            if rng.random() < book.reach:
                for _ in range(2 if rng.random() < 0.02 else 1):
                    key += 1
                    yield one.number, (book.code, f"{key:06}", *_written(one, book, rng))


def _written(one: Company, book: Book, rng: Random) -> tuple[str, ...]:
    year, slip = rng.randint(book.since, NOW), 0.015 * book.care
    number = one.registration if rng.random() < book.registration else ""
    if number and rng.random() < slip:
        number = mishaps.mistyped_digits(number, rng)
    if number and rng.random() < 0.7:
        number = f"{number[:3]}-{number[3:5]}-{number[5:]}"
    email = rng.choice(one.emails) if rng.random() < book.email else ""
    web = email.partition("@")[2] if email and rng.random() < 0.1 else ""
    home = one.at(one.homes, year)
    address = (
        f"{home.province} {home.district} {home.street} {home.number}"
        if rng.random() < book.address
        else ""
    )
    return (
        _name(one, book, rng, year, slip), number,
        one.corporate if rng.random() < book.corporate else "",
        one.at(one.owners, year) if rng.random() < book.owner else "",
        _phone(one, rng, slip), "" if web else email, f"https://www.{web}/" if web.startswith("firm") else "",
        address, home.postcode if address and rng.random() < 0.8 else "",
    )  # fmt: skip


def _name(one: Company, book: Book, rng: Random, year: int, slip: float) -> str:
    name = one.at(one.names, year)
    town = one.branch or (rng.choice(one.branches) if one.branches and rng.random() < 0.4 else "")
    if rng.random() < book.english and name.endswith(one.trade) and mishaps.hangul(name + town):
        root = "".join(mishaps.latin_syllable(c, rng) for c in name[: -len(one.trade)]).title()
        said = f"{root} {TRADES[one.trade]}{rng.choice(ENGLISH)}"
        if town:
            there = "".join(mishaps.latin_syllable(c, rng) for c in town).title()
            said += f" ({there} Branch)"
        return said.upper() if rng.random() < 0.3 else said
    if rng.random() < slip:
        name = mishaps.mistyped_name(name, rng)
    if rng.random() < 0.05:
        name = f"{name[: -len(one.trade)]} {one.trade}" if name.endswith(one.trade) else name
    kind = rng.random()
    if kind < 0.4:
        name = rng.choice(BEFORE) + name
    elif kind < 0.75:
        name = name + rng.choice(BEHIND)
    if town:
        name += (
            f" {town}{rng.choice(('지점', '영업소'))}" if rng.random() < 0.7 else f"({town}지점)"
        )
    return mishaps.decomposed(name) if rng.random() < 0.01 else name


def _phone(one: Company, rng: Random, slip: float) -> str:
    if rng.random() < 0.08:
        return ""
    number = rng.choice((one.phones[0], one.phones[0], one.phones[0], one.phones[1], one.phones[2]))
    number = mishaps.mistyped_digits(number, rng) if rng.random() < slip else number
    size = 2 if number.startswith("02") else 3
    return f"{number[:size]}-{number[size:-4]}-{number[-4:]}"
