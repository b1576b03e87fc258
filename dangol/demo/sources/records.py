"""The same people as thirty databases know them: each with its age, its fields, its style, its faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from dangol.demo.sources import mishaps
from dangol.demo.sources.population import NOW, Home, Person

COLUMNS = (
    "source",
    "key",
    "name",
    "phone",
    "phone2",
    "email",
    "address",
    "postcode",
    "birth",
    "gender",
)


@dataclass(frozen=True)
class Database:
    """One source: what it keeps of whom, how old its knowledge is, how well it was typed."""

    code: str
    reach: float
    """Share of all people that it knows."""
    since: int
    """Its knowledge is from this year or later."""
    phones: str = "dashed"
    """dashed, plain, international or old (prefixes before they were united)."""
    address: str = "new"
    """new, old (by lots), both or none."""
    birth: str = "dashed"
    """dashed, plain, short (two digits of the year) or none."""
    email: float = 0.5
    gender: bool = True
    care: float = 1.0
    """How many mistakes: 1 is usual, 2 twice as many."""
    latin: float = 0.0
    """Share of names in Latin letters."""
    twice: float = 0.01
    """Share of people entered twice."""


def thirty_databases() -> list[Database]:
    """Thirty differing sources of one company: sales, service, web shop, cards, old branches …"""
    made = []
    styles = ("dashed", "plain", "dashed", "international", "dashed", "old")
    addresses = ("new", "old", "new", "both", "new", "none")
    births = (
        "dashed",
        "plain",
        "dashed",
        "short",
        "dashed",
        "plain",
        "dashed",
        "dashed",
        "plain",
        "none",
    )
    for i in range(30):
        made.append(
            Database(
                code=f"DB{i + 1:02}",
                reach=(0.30, 0.20, 0.12, 0.08, 0.06, 0.04)[i % 6],
                since=(2008, 2014, 2018, 2021, 2023)[i % 5],
                phones=styles[i % len(styles)],
                address=addresses[(i // 2) % len(addresses)],
                birth=births[i % len(births)],
                email=(0.2, 0.5, 0.8)[i % 3],
                gender=i % 4 != 3,
                care=(0.6, 1.0, 1.5)[(i // 3) % 3],
                latin=0.25 if i % 15 == 14 else 0.004,
            )
        )
    return made


def records(
    people: list[Person], databases: list[Database], seed: int
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(number of the person, values of COLUMNS) of every record of every database."""
    for database in databases:
        rng = Random(f"{seed}:{database.code}")
        key = 0
        for person in people:
            if rng.random() >= database.reach:
                continue
            for _ in range(2 if rng.random() < database.twice else 1):
                key += 1
                yield person.number, (database.code, f"{key:07}", *_written(person, database, rng))


def _written(person: Person, database: Database, rng: Random) -> tuple[str, ...]:
    year = rng.randint(database.since, NOW)
    slip = 0.02 * database.care
    return (
        _name(person, database, rng, slip),
        _phone(person, database, rng, year, slip),
        person.work_phone if person.work_phone and rng.random() < 0.4 else "",
        _email(person, database, rng, slip),
        *_address(person.home_in(year), database, rng, slip),
        _birth(person, database, rng, slip),
        person.gender if database.gender and rng.random() > 0.05 else "",
    )


def _name(person: Person, database: Database, rng: Random, slip: float) -> str:
    family, given = person.family, person.given
    if rng.random() < 0.005:
        family = mishaps.other_law(family)
    if rng.random() < database.latin:
        if person.english and rng.random() < 0.3:
            return f"{person.english} {mishaps.FAMILIES.get(family, 'Kim')}"
        return mishaps.romanised(family, given, rng)
    if family.isascii():
        return f"{given} {family}"
    name = family + given
    if rng.random() < slip:
        name = mishaps.mistyped_name(name, rng)
    if rng.random() < 0.02:
        name = mishaps.spaced(name)
    if rng.random() < 0.01:
        name = mishaps.decomposed(name)
    return name


def _phone(person: Person, database: Database, rng: Random, year: int, slip: float) -> str:
    if rng.random() < 0.06:
        return rng.choice(("", "", "", "010-0000-0000", "010-1234-5678", "없음"))
    number = person.phone_in(year)
    if person.lent_phones and rng.random() < 0.6:
        number = person.lent_phones[0]
    if rng.random() < slip:
        number = mishaps.mistyped_digits(number, rng)
    match database.phones:
        case "plain":
            return number
        case "international":
            return f"+82 {number[1:3]}-{number[3:7]}-{number[7:]}"
        case "old" if year < 2016 and mishaps.old_prefix(number) != number:
            return mishaps.old_prefix(number)
    return f"{number[:3]}-{number[3:7]}-{number[7:]}"


def _email(person: Person, database: Database, rng: Random, slip: float) -> str:
    if rng.random() >= database.email:
        return ""
    address = person.emails[-1] if rng.random() < 0.25 else person.emails[0]
    return mishaps.mistyped_email(address, rng) if rng.random() < slip else address


def _address(home: Home, database: Database, rng: Random, slip: float) -> tuple[str, str]:
    style = database.address
    if style == "none" or rng.random() < 0.08:
        return "", ""
    if style == "both":
        style = "new" if rng.random() < 0.5 else "old"
    unit = f" {home.block}동 {home.unit}호" if rng.random() > 0.1 else ""
    if rng.random() < 0.3:
        unit = unit.replace("동 ", "-").replace("호", "")
    where = f"{home.province} {home.district}"
    number = mishaps.mistyped_digits(str(home.number), rng) if rng.random() < slip else home.number
    if style == "new":
        line = f"{where} {home.street} {number}{',' if unit else ''}{unit}"
    else:
        line = f"{where} {home.town} {home.lot} {home.estate}{unit}"
    return line, home.postcode if rng.random() > 0.2 else ""


def _birth(person: Person, database: Database, rng: Random, slip: float) -> str:
    if database.birth == "none" or rng.random() < 0.05:
        return rng.choice(("", "", "0000-00-00", "1900-01-01"))
    year, month, day = person.born
    text = f"{year}-{month:02}-{day:02}"
    if rng.random() < slip:
        text = mishaps.mistyped_digits(text, rng)
    match database.birth:
        case "plain":
            return text.replace("-", "")
        case "short":
            return text[2:].replace("-", "")
    return text
