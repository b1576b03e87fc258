"""Rows of customers as their source meant them, and what was strange about them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from unicodedata import normalize

from dangol.core.resident_numbers import (
    HIDDEN,
    LOOKS_LIKE_ONE,
    holds_number,
    without_marks,
    without_numbers,
)
from dangol.customers.company_numbers import read_corporate, read_registration
from dangol.imports.cells import tidy
from dangol.imports.kinds import Column, Refused
from dangol.sources.no_days import MOBILE, no_day

TEST_NAME = re.compile(
    r"^(홍길동\d*|테스트\d*|테스트(고객|회원|사용자|계정)\d*|(고객|회원)테스트\d*|시험|무명|미상|고객|아무개"
    r"|test\w*|sample|asdf)$",
    re.IGNORECASE,
)
TEST_PHONES = {
    "01012345678", "01000000000", "01011111111", "01012341234", "01099999999", "0212345678",
}  # fmt: skip
TEST_EMAIL = re.compile(
    r"^(test\d*|asdf|none|noemail|no-?mail|xxx+)@|@(test|asdf|aaa)\.(com|net|co\.kr)$",
    re.IGNORECASE,
)
ERRORS = {"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#####", "#SPILL!", "#CALC!"}
"""What a spreadsheet shows where a formula fails."""
WRONG = {"phone": "phone", "phone2": "phone", "email": "email", "born_on": "birth"}
DAY_APART = re.compile(r"(19|20)\d{2}([-./])[01]?\d\2[0-3]?\d")
PUT_RIGHT = {"swapped"}
"""Strange, but nothing was lost: the values stand where they belong."""
NAMES = {"name", "given_name", "family_name"}


@dataclass
class Row:
    """One row: what is kept of it, why it is refused, and the codes of what was strange."""

    values: dict[str, Any] = field(default_factory=dict)
    refused: tuple[str, str, dict[str, Any]] | None = None
    strange: list[tuple[str, str, str]] = field(default_factory=list)
    """(what, column, the cell)"""
    why: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    """Column: why its cell cannot be read, a message id with its facts."""


def read_row(cells: dict[str, str], columns: dict[str, Column], needed: set[str]) -> Row:
    """Our columns read from a row; what is needed refuses it, everything else is left out."""
    row = Row()
    cells = {name: tidy(cell) for name, cell in cells.items()}
    swap(row, cells)
    for name, cell in cells.items():
        if holds_mark(name, cell):
            row.strange.append(("registration_number", name, ""))
            if name in needed:
                row.refused = row.refused or (name, LOOKS_LIKE_ONE, {})
                continue
            cell = tidy(without_marks(without_numbers(cell)))
        if left_out(row, name, cell):
            cell = ""
        if not cell:
            if name in needed:
                row.refused = row.refused or (name, "empty, but needed", {})
            continue
        try:
            row.values[name] = columns[name].parse(cell)
        except Refused as refusal:
            if name in needed:
                row.refused = row.refused or (name, refusal.reason, refusal.facts)
            row.strange.append((f"bad_{WRONG.get(name, 'value')}", name, cell))
            row.why[name] = refusal.reason, refusal.facts
    return row


def holds_mark(name: str, cell: str) -> bool:
    """Whether a resident registration number stood or stands in a cell."""
    return HIDDEN in cell or holds_number(cell) and not (name == "corporate" and bool(read_corporate(cell)))  # fmt: skip


def swap(row: Row, cells: dict[str, str]) -> None:
    """A number where the name should stand, and the name where the number should, change places."""
    name, phone = cells.get("name", ""), cells.get("phone", "")
    email = cells.get("email", "")
    if "@" in name and email and "@" not in email:
        cells["name"], cells["email"] = email, name
        row.strange.append(("swapped", "email", email))
        name, email = email, name
    if is_number(name) and phone and not any(c.isdigit() for c in phone):
        cells["name"], cells["phone"] = phone, name
        row.strange.append(("swapped", "name", name))
    if "@" in phone and (is_number(email) or "email" in cells and not email):
        cells["phone"], cells["email"] = email, phone
        row.strange.append(("swapped", "email", email))
    born = cells.get("born_on", "")
    if MOBILE.fullmatch(born) and looks_like_day(phone):
        cells["phone"], cells["born_on"] = born, phone
        row.strange.append(("swapped", "phone", phone))


def is_number(cell: str) -> bool:
    """Whether a cell is a telephone number or another row of digits."""
    return bool(re.fullmatch(r"[+\d][\d\s().-]{6,}", cell))


def looks_like_day(cell: str) -> bool:
    """Whether a cell is a date of birth."""
    return bool(re.fullmatch(r"(19|20)\d{2}\D?[01]\d\D?[0-3]\d", cell))


def left_out(row: Row, name: str, cell: str) -> bool:
    """Whether a cell says nothing of its customer: test data, days that are none, failed formulas."""
    if not cell:
        return False
    if cell.upper() in ERRORS:
        row.strange.append(("error_cell", name, cell))
        return True
    if name in {"born_on", "as_of"} and (what := no_day(cell)):
        row.strange.append((what, name, cell))
        return True
    if name in {"phone", "phone2"}:
        return no_phone(row, name, cell)
    if name == "email" and TEST_EMAIL.search(cell):
        row.strange.append(("test_data", name, cell))
        return True
    if name == "name" and TEST_NAME.match(cell.replace(" ", "")):
        row.strange.append(("test_data", name, cell))  # kept; the matching leaves such a name out
    elif name in NAMES and not any(letter.isalpha() for letter in cell):
        row.strange.append(("no_name", name, cell))  # kept as it came, too
    elif name == "registration" and not read_registration(cell):
        row.strange.append(("bad_registration", name, cell))  # a slip of the hand is evidence
    return False


def no_phone(row: Row, name: str, cell: str) -> bool:
    """Whether a telephone number is test data, or words."""
    digits = re.sub(r"\D", "", normalize("NFKC", cell))
    home = "0" + digits.removeprefix("82").lstrip("0")
    if digits in TEST_PHONES or home in TEST_PHONES:
        row.strange.append(("test_data", name, cell))
        return True
    if DAY_APART.fullmatch(cell):
        row.strange.append(("bad_phone", name, cell))
        return True
    if len(digits) < 4 and any(letter.isalpha() for letter in cell):
        row.strange.append(("name_in_phone", name, cell))
        return True
    return False


def days_left_out(cells: dict[str, str], columns: Iterable[Column]) -> dict[str, str]:
    """{column: what is strange} of days that are none where a row may do without: sold until
    9999-12-31."""
    free = [column.name for column in columns if column.sql == "date" and not column.required]
    found = {name: no_day(tidy(cells.get(name, ""))) for name in free}
    return {name: what for name, what in found.items() if what}
