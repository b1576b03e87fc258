"""The demo company's own customers, as thirty databases of its past know them.

`dangol demo sources` takes the customers that the company has, gives each a past (an older number,
an earlier home, a household with one phone), and writes what thirty systems would hold of them.
Which record is whose stays hidden in a file beside the database, for the page that scores the
matching.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from django.conf import settings

from dangol.customers.models import ContactPoint, Customer
from dangol.demo.names import ENGLISH
from dangol.demo.sources.companies import Book
from dangol.demo.sources.population import ESTATES, NOW, OLD_TOWNS, Draw, Home, Person
from dangol.demo.sources.records import COLUMNS, Database, records, thirty_databases
from dangol.sources.transforming import family, given

TRUTH = Path("demo") / "source_truth.csv"


@dataclass
class Cut:
    """One database with its rows, and whose each of them is."""

    database: Database | Book
    rows: list[tuple[str, ...]] = field(default_factory=list)
    """key, name, phone, phone2, email, address, postcode, birth, gender"""
    customers: list[str] = field(default_factory=list)


def truth_file() -> Path:
    """Where the hidden truth lies: source, key, customer."""
    return Path(settings.VAR) / TRUTH


def true_customers() -> dict[tuple[str, str], str]:
    """(source, key) → the id of the customer whom the record really speaks of."""
    with truth_file().open(encoding="utf-8", newline="") as found:
        return {(source, key): customer for source, key, customer in csv.reader(found)}


def cut_company(*, most: int = 0, seed: int = 1) -> list[Cut]:
    """Thirty databases of the company's people; nothing is written."""
    owners, people = people_of_company(most, seed)
    cuts = {database.code: Cut(database) for database in thirty_databases()}
    for number, row in records(people, [cut.database for cut in cuts.values()], seed):
        said = dict(zip(COLUMNS, row, strict=True))
        cut = cuts[said["source"]]
        cut.rows.append(tuple(row[1:]))
        cut.customers.append(owners[number])
    return list(cuts.values())


def write_truth(cuts: list[Cut]) -> None:
    """Keep whose each record is."""
    truth_file().parent.mkdir(parents=True, exist_ok=True)
    with truth_file().open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        for cut in cuts:
            code = cut.database.code.lower()
            for row, customer in zip(cut.rows, cut.customers, strict=True):
                writer.writerow([code, row[0], customer])


def people_of_company(most: int, seed: int) -> tuple[list[str], list[Person]]:
    """The ids of the customers, and each as a person with a past; persons only."""
    rng = np.random.default_rng(seed)
    draw = Draw(rng)
    owners: list[str] = []
    people: list[Person] = []
    for customer, points in with_points(most):
        number = len(people)
        person = person_of(customer, points, number, draw)
        if number % 9 == 8 and points.get("phone"):  # lent by the household's other member
            person.lent_phones = [people[-1].phones[-1]]
        owners.append(str(customer.pk))
        people.append(person)
    return owners, people


def with_points(most: int) -> Iterator[tuple[Customer, dict[str, ContactPoint]]]:
    """Each person with one way of each kind to be reached."""
    rows = Customer.objects.filter(kind="person").order_by("pk")
    rows = rows[:most] if most else rows
    found: dict[object, dict[str, ContactPoint]] = {}
    points = ContactPoint.objects.filter(ended_at=None, customer__in=rows.values("pk"))
    for point in points.order_by("created_at", "pk").iterator(chunk_size=5000):
        found.setdefault(point.customer_id, {}).setdefault(point.kind, point)
    for customer in rows.iterator(chunk_size=5000):
        yield customer, found.get(customer.pk, {})


def person_of(
    customer: Customer, points: dict[str, ContactPoint], number: int, draw: Draw
) -> Person:
    """A customer with the numbers and homes of the last years."""
    rng, born = draw.rng, customer.born_on
    phone = points["phone"].value.replace("+82", "0") if "phone" in points else draw.phone()
    phones, since = [phone], [1998]
    if rng.random() < 0.25:
        phones, since = [draw.phone(), phone], [1998, int(rng.integers(2014, NOW))]
    homes, years = [home_of(points.get("address"), draw)], [1990]
    if rng.random() < 0.3:
        homes, years = [draw.home(), homes[0]], [1990, int(rng.integers(2012, NOW))]
    email = points["email"].value if "email" in points else f"{ENGLISH[number % len(ENGLISH)]}{number}@daum.example"  # fmt: skip
    day = (born.year, born.month, born.day) if born else (1900, 1, 1)
    gender = customer.gender.upper() or "MF"[number % 2]
    return Person(
        number, family(customer.name), given(customer.name), "", day, gender, phones, since, homes,
        years, [email], number,
    )  # fmt: skip


def home_of(point: ContactPoint | None, draw: Draw) -> Home:
    """The present home with both of its addresses."""
    if point is None or not point.parts.get("street"):
        return draw.home()
    parts = point.parts
    street, _blank, number = parts["street"].rpartition(" ")
    unit = int("".join(c for c in parts.get("detail", "") if c.isdigit()) or 101)
    plot = sum(map(ord, parts["street"] + parts["district"]))
    return Home(
        parts["province"], parts["district"], street or parts["street"],
        int(number) if number.isdigit() else 1, f"{OLD_TOWNS[plot % len(OLD_TOWNS)]}동", plot % 998 + 1,
        ESTATES[plot % len(ESTATES)], 101 + unit % 15, unit, parts.get("postcode", ""),
    )  # fmt: skip
