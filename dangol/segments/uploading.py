"""Uploaded lists: a file of customer numbers, phones or e-mail addresses becomes customers.

Every line that cannot be taken is named with its number and why; the others are taken.
"""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import batched
from pathlib import Path
from typing import Any as Anything

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dangol.core.anew import anew
from dangol.core.audit import record_change
from dangol.core.masking import masked_text
from dangol.core.models import User
from dangol.core.resident_numbers import LOOKS_LIKE_ONE, holds_number
from dangol.customers.contact_values import email_value, phone_value
from dangol.customers.imports import COLUMNS
from dangol.customers.queries import customers_visible_to
from dangol.imports import reading, workbook
from dangol.imports.kinds import plain_heading
from dangol.places.models import Place
from dangol.segments.mistakes import where_named
from dangol.segments.models import CustomerList, Listed
from dangol.segments.queries import names_of, newest_versions, open_segments

MOST_BYTES, MOST_LINES, TOLD = 30 * 2**20, 200_000, 5000
NUMBER = re.compile(r"[\w./:-]{1,40}")
WAYS = ("key", "phone", "phone2", "email")
Sought = tuple[int, str, str, str]
"""Line, what it said, way (key, phone, email) and the value to look for."""


@anew()
def upload_list(
    file: UploadedFile, *, name: str, place: Place, by: User, at: dt.datetime | None = None
) -> CustomerList:
    """Take the customers that a file names, as far as the person may see them."""
    made = CustomerList(
        name=name.strip(), place=place, owner=by, file_name=(file.name or "")[:200],
        created_at=at or timezone.now(),
    )  # fmt: skip
    made.full_clean()
    made.save(force_insert=True)
    refused: list[tuple[int, str, str]] = []
    for some in batched(sought(file, refused), 2000, strict=False):
        take(made, some, refused, by)
    refused.sort()
    made.taken, made.refused = made.listed.count(), len(refused)
    made.read += len(refused)
    made.refusals = [list(line) for line in refused[:TOLD]]
    made.save()
    record_change("segments.upload_list", made, by=by, changes={"taken": [None, made.taken]})
    return made


@transaction.atomic
def end_list(given: CustomerList, *, by: User) -> CustomerList:
    """Forget whom a list names; refused while a rule asks for it."""
    row = CustomerList.objects.select_for_update(of=("self",)).get(pk=given.pk)
    if row.ended_at:
        return row
    key = str(row.pk)
    for version in newest_versions(open_segments().order_by().values("pk")).select_related(
        "segment"
    ):
        if any(where_named(version.rule, {key})):
            names = {"names": names_of([version.segment], by)}
            raise ValidationError(_("Still asked for by: %(names)s") % names)
    row.listed.all().delete()
    row.ended_at = timezone.now()
    row.save(update_fields=["ended_at"])
    record_change("segments.end_list", row, by=by, changes={"ended_at": [None, row.ended_at]})
    return row


def sought(file: UploadedFile, refused: list[tuple[int, str, str]]) -> Iterator[Sought]:
    """What each line asks for; lines that say nothing usable are refused."""
    if (file.size or 0) > MOST_BYTES:
        raise ValidationError(_("A list holds at most 30 MB."))
    with tempfile.TemporaryDirectory() as folder:
        path = stored(file, Path(folder))
        layout = reading.detect(path)
        layout.header = 0
        columns: dict[str, int] | None = None
        for count, line in enumerate(reading.lines(path, layout)):
            if count > MOST_LINES:
                raise ValidationError(_("A list holds at most 200,000 lines."))
            if columns is None:
                columns = headings(line.cells)
                if columns:
                    continue
            if line.problem:
                refused.append((line.number, "", line.problem))
            else:
                yield from asked(line, columns, refused)


def stored(file: UploadedFile, folder: Path) -> Path:
    """The file as text on disk; a workbook's first sheet becomes CSV."""
    path = folder / ("list.xlsx" if (file.name or "").lower().endswith(".xlsx") else "list.csv")
    with path.open("wb") as out:
        for chunk in file.chunks():
            out.write(chunk)
    if path.suffix != ".xlsx":
        return path
    try:
        workbook.convert(path, "", folder / "sheet.csv")
    except workbook.Unreadable as wrong:
        raise ValidationError(_(str(wrong))) from None
    return folder / "sheet.csv"


def headings(cells: list[str]) -> dict[str, int]:
    """Which column holds which way to know a customer; empty where the line is no heading."""
    known = {name: c.known_as for c in COLUMNS if (name := c.name) in WAYS}
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        for name, words in known.items():
            if plain_heading(cell) in words:
                found.setdefault(name, at)
    return found


def asked(
    line: reading.Line, columns: dict[str, int] | None, refused: list[tuple[int, str, str]]
) -> Iterator[Sought]:
    """The first cell of a line that can be looked for."""
    if columns:
        given = [
            (way, line.cells[columns[way]].strip()) for way in WAYS
            if way in columns and columns[way] < len(line.cells) and line.cells[columns[way]].strip()
        ]  # fmt: skip
    else:
        given = [(guessed(c), c.strip()) for c in line.cells[:1] if c.strip()]
    for way, text in given:
        if "\0" in text:  # a picture or a program, not a text
            continue
        if holds_number(text):
            refused.append((line.number, "", LOOKS_LIKE_ONE))
            return
        try:
            value = {"email": email_value, "key": str}.get(way, phone_value)(text)
        except ValidationError:
            continue
        yield line.number, shown(text, way), way.removesuffix("2"), value
        return
    told = shown(given[0][1]) if given else ""
    refused.append((line.number, told, gettext_noop("no customer number, phone or e-mail address")))


def shown(text: str, way: str = "") -> str:
    """What a line said, as it may be kept: a customer number whole, so that it is found in the file."""
    text = text.replace("\0", "�")
    if way == "key" and NUMBER.fullmatch(text) and guessed(text) == "key":
        return text
    return masked_text(text)[:80]


def guessed(cell: str) -> str:
    """What a cell without a heading is."""
    if "@" in cell:
        return "email"
    try:
        phone_value(cell)
    except ValidationError:
        return "key"
    return "phone" if cell.strip().startswith(("0", "+", "(", "10")) else "key"


def take(
    made: CustomerList, some: Iterable[Sought], refused: list[tuple[int, str, str]], by: User
) -> None:
    """Look for a portion of lines and keep whom they name."""
    some = list(some)
    found = known(some, by)
    chosen = []
    for number, told, way, value in some:
        keys = found.get((way, value), set())
        if len(keys) == 1:
            made.read += 1
            chosen += keys
        elif keys:
            refused.append((number, told, gettext_noop("fits several customers")))
        else:
            refused.append((number, told, gettext_noop("no such customer whom you may see")))
    Listed.objects.bulk_create(
        (Listed(list=made, customer_id=key) for key in dict.fromkeys(chosen)), ignore_conflicts=True
    )


def known(some: list[Sought], by: User) -> dict[tuple[str, str], set[Anything]]:
    """The visible customers behind values, three queries for a portion."""
    values: dict[str, set[str]] = defaultdict(set)
    for _number, _told, way, value in some:
        values[way].add(value)
    mine = customers_visible_to(by).order_by()
    found: dict[tuple[str, str], set[Anything]] = defaultdict(set)
    for key, value in mine.filter(source_key__in=values["key"]).values_list("pk", "source_key"):
        found["key", value].add(key)
    for way in ("phone", "email"):
        points = mine.filter(
            contact_points__kind=way, contact_points__value__in=values[way],
            contact_points__ended_at=None,
        )  # fmt: skip
        for key, value in points.values_list("pk", "contact_points__value"):
            if value in values[way]:
                found[way, value].add(key)
    return found
