"""The demo company's fleet customers, as its ledger, its invoices and its web shop for firms know them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings

from dangol.core.models import User
from dangol.customers.models import ContactPoint, Customer
from dangol.demo.sources.companies import BOOKS, TRADES, Company, companies, company_records
from dangol.demo.sources.cutting import Cut
from dangol.demo.sources.placing import write_text, write_workbook
from dangol.sources.actions import choose_place, set_mapping, set_schedule, set_trust
from dangol.sources.connections import connect_source
from dangol.sources.models import Source

MOST = 400
"""So many fleet customers are cut at most."""
HEADINGS = {
    "key": "거래처코드", "name": "상호", "registration": "사업자등록번호", "corporate": "법인등록번호", "owner": "대표자",
    "phone": "대표전화", "email": "이메일", "website": "홈페이지", "address": "사업장주소", "postcode": "우편번호",
}  # fmt: skip
NAMES = {"ERP": "거래처 원장", "INVOICES": "세금계산서", "B2BSHOP": "기업 쇼핑몰"}
KINDS = {"ERP": "cp949", "INVOICES": "xlsx", "B2BSHOP": "utf-8"}
TRUST = {"ERP": 80, "INVOICES": 90, "B2BSHOP": 40}
Say = Callable[[str], None]


def connect_books(cuts: list[Cut], by: User | None, say: Say) -> list[Source]:
    """Write the books and connect them; nothing is read yet."""
    made = []
    for number, cut in enumerate(cuts):
        code = cut.database.code
        folder = Path(settings.INBOX) / "demo" / code.lower()
        folder.mkdir(parents=True, exist_ok=True)
        rows = [list(row) for row in cut.rows]
        if KINDS[code] == "xlsx":
            write_workbook(folder / "companies.xlsx", [*HEADINGS.values()], rows)
        else:
            write_text(folder / "companies.csv", [*HEADINGS.values()], rows, KINDS[code])
        made.append(connect(number, code, by))
        say(f"{code} {NAMES[code]}: {len(rows):,} rows of organisations, {KINDS[code]}")
    return made


def cut_companies(most: int = MOST, seed: int = 1) -> list[Cut]:
    """The books of the company's organisations; nothing is written."""
    owners, found = companies_of(most, seed)
    books = tuple(book for book in BOOKS if book.code in NAMES)
    cuts = {book.code: Cut(book) for book in books}
    for number, (code, *row) in company_records(found, books, seed):
        cuts[code].rows.append(tuple(row))
        cuts[code].customers.append(owners[number])
    return list(cuts.values())


def companies_of(most: int, seed: int) -> tuple[list[str], list[Company]]:
    """The ids of the company's organisations, and each with its numbers, people and past."""
    rows = list(Customer.objects.filter(kind="organisation").order_by("pk")[:most])
    names = [c.name.replace("㈜", "").strip() for c in rows]
    points = ContactPoint.objects.filter(customer__in=rows, kind="phone", ended_at=None)
    phones = dict(points.order_by("-created_at", "-pk").values_list("customer_id", "value"))
    found = companies(len(rows), seed, names) if rows else []
    for customer, one in zip(rows, found, strict=True):
        one.trade = next((t for t in TRADES if one.names[0].endswith(t)), one.trade)
        if phone := phones.get(customer.pk):
            one.phones[0] = phone.replace("+82", "0")
    return [str(c.pk) for c in rows], found


def connect(number: int, code: str, by: User | None) -> Source:
    """The source of a book; one that is there already is kept."""
    known = Source.objects.filter(code=code.lower()).first()
    if known:
        return known
    source = connect_source(
        code=code.lower(), name=NAMES[code], entity="organisation", connection="folder",
        reach={"folder": f"demo/{code.lower()}"}, hidden="", by=by,
    )  # fmt: skip
    source = choose_place(source, "*", by=by)
    mapping: dict[str, Any] = {name: {"from": [heading]} for name, heading in HEADINGS.items()}
    source = set_mapping(source, mapping, by=by)
    source = set_trust(source, {"name": TRUST[code], "phone": TRUST[code]}, by=by)
    return set_schedule(source, schedule=f"{number * 5} 2 * * *", full=True, by=by)
