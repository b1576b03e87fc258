"""Rows of customers as their source meant them, and what was strange about them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from dangol.customers.attributes.importing import REGISTRATION_NUMBER
from dangol.customers.company_numbers import read_corporate, read_registration
from dangol.imports.cells import tidy
from dangol.imports.kinds import Column, Refused

TEST_NAME = re.compile(
    r"^(홍길동|테스트\d*|시험|무명|미상|고객|아무개|test\w*|sample|asdf)$", re.IGNORECASE
)
TEST_PHONES = {
    "01012345678", "01000000000", "01011111111", "01012341234", "01099999999", "0212345678",
}  # fmt: skip
NOBODYS_DAY = "000101"
"""1900-01-01 in the six digits of old systems."""
NOBODY_DAYS = {"19000101", NOBODYS_DAY, "00010101", "99991231", "11111111", "19700101"}
WRONG = {"phone": "phone", "phone2": "phone", "email": "email", "born_on": "birth"}


@dataclass
class Row:
    """One row: what is kept of it, why it is refused, and the codes of what was strange."""

    values: dict[str, Any] = field(default_factory=dict)
    refused: tuple[str, str, dict[str, Any]] | None = None
    strange: list[tuple[str, str, str]] = field(default_factory=list)
    """(what, column, the cell)"""


def read_row(cells: dict[str, str], columns: dict[str, Column], needed: set[str]) -> Row:
    """Our columns read from a row; what is needed refuses it, everything else is left out."""
    row = Row()
    cells = {name: tidy(cell) for name, cell in cells.items()}
    swap(row, cells)
    for name, cell in cells.items():
        if REGISTRATION_NUMBER.search(cell) and not (name == "corporate" and read_corporate(cell)):
            row.strange.append(("registration_number", name, ""))
            cell = REGISTRATION_NUMBER.sub("", cell).strip() if name not in needed else ""
        if left_out(row, name, cell):
            continue
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
    return row


def decomposed(cells: list[str]) -> bool:
    """Whether Hangul came in single letters, as Macintosh files hold it."""
    return any(not c.isascii() and not unicodedata.is_normalized("NFC", c) for c in cells)


def swap(row: Row, cells: dict[str, str]) -> None:
    """A number where the name should stand, and the name where the number should, change places."""
    name, phone = cells.get("name", ""), cells.get("phone", "")
    if is_number(name) and phone and not any(c.isdigit() for c in phone):
        cells["name"], cells["phone"] = phone, name
        row.strange.append(("swapped", "name", name))
    email = cells.get("email", "")
    if "@" in phone and is_number(email):
        cells["phone"], cells["email"] = email, phone
        row.strange.append(("swapped", "email", email))
    born = cells.get("born_on", "")
    if re.fullmatch(r"01[016789]\D?\d{3,4}\D?\d{4}", born) and looks_like_day(phone):
        cells["phone"], cells["born_on"] = born, phone
        row.strange.append(("swapped", "phone", phone))


def is_number(cell: str) -> bool:
    """Whether a cell is a telephone number or another row of digits."""
    return bool(re.fullmatch(r"[+\d][\d\s().-]{6,}", cell))


def looks_like_day(cell: str) -> bool:
    """Whether a cell is a date of birth."""
    return bool(re.fullmatch(r"(19|20)\d{2}\D?[01]\d\D?[0-3]\d", cell))


def left_out(row: Row, name: str, cell: str) -> bool:
    """Whether a cell says nothing of its customer: test data, days that are none."""
    digits = re.sub(r"\D", "", cell)
    if name == "name" and TEST_NAME.match(cell.replace(" ", "")):
        row.strange.append(("test_data", name, cell))
        return False  # the record is kept as it came; the matching leaves such a name out
    if name == "registration" and cell and not read_registration(cell):
        row.strange.append(("bad_registration", name, cell))
        return (
            False  # kept as it came too: a slip of the hand is evidence, another company it is not
        )
    if name in {"phone", "phone2"}:
        if digits in TEST_PHONES:
            row.strange.append(("test_data", name, cell))
            return True
        if cell and len(digits) < 4 and any(c.isalpha() for c in cell):
            row.strange.append(("name_in_phone", name, cell))
            return True
    if name == "born_on" and cell:
        if not digits.strip("0") or digits.startswith("0000"):
            row.strange.append(("zero_date", name, cell))
            return True
        if digits in NOBODY_DAYS:
            row.strange.append(("placeholder_date", name, cell))
            return True
    return False
