"""Turns one sheet of a workbook into a CSV file, in a process of its own with bounded memory.

python -m dangol.imports.workbook book.xlsx "sheet or empty" out.csv   → {"sheets": […]} on stdout
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import resource
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_noop

MEMORY = 480 * 2**20
SECONDS = 240
UNPACKED = 700 * 2**20
RATIO = 250
ENTRIES = 5000


class Unreadable(Exception):
    """A file that cannot be read; the message id says why."""


class TooMuch(Unreadable):
    """A file that is whole and will never be read: it holds too much."""


def check_archive(path: Path) -> None:
    """Refuse what is no workbook, and archives that unpack to more than is sensible."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise Unreadable(gettext_noop("This is not an XLSX workbook, or it is damaged.")) from None
    size = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries) or 1
    if len(entries) > ENTRIES or size > UNPACKED or (size > 20 * 2**20 and size / packed > RATIO):
        raise TooMuch(
            gettext_noop("The workbook unpacks to too much; save the sheet as CSV and load that.")
        )
    if any(entry.flag_bits & 1 for entry in entries) or not any(
        entry.filename.startswith("xl/") for entry in entries
    ):
        raise Unreadable(gettext_noop("This is not an XLSX workbook, or it is damaged."))


def convert(path: Path, sheet: str, out: Path, seconds: float = SECONDS) -> list[str]:
    """Write a sheet (the first when empty) as UTF-8 CSV and name every sheet."""
    check_archive(path)
    command = [sys.executable, "-m", "dangol.imports.workbook", str(path), sheet, str(out)]
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=seconds, check=False, cwd=path.parent
        )
    except subprocess.TimeoutExpired:
        raise TooMuch(
            gettext_noop("The workbook takes too long to read; save the sheet as CSV.")
        ) from None
    if done.returncode == 3:
        raise Unreadable(gettext_noop("This is not an XLSX workbook, or it is damaged."))
    if done.returncode != 0:
        raise TooMuch(
            gettext_noop("The workbook is too large to read; save the sheet as CSV and load that.")
        )
    sheets: list[str] = json.loads(done.stdout)["sheets"]
    return sheets


def as_text(value: Any) -> str:
    """A cell as text: whole numbers without a point, instants in ISO form, all on one line."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        whole = value.time() == dt.time() and value.tzinfo is None
        return value.date().isoformat() if whole else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value).replace("\r", " ").replace("\n", " ")


def write_sheet(path: str, sheet: str, out: str) -> list[str]:
    """In the child: read with calamine, which knows no external entities, and write row by row."""
    from python_calamine import CalamineWorkbook

    with CalamineWorkbook.from_path(path) as book:
        names = book.sheet_names
        page = book.get_sheet_by_name(sheet if sheet in names else names[0])
        with open(out, "w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target)
            rows = page.iter_rows()
            for row in rows:
                writer.writerow([as_text(cell) for cell in row])
        return list(names)


def main() -> int:
    """The child's work."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    from python_calamine import CalamineError

    try:
        print(json.dumps({"sheets": write_sheet(*sys.argv[1:4])}))
    except (CalamineError, IndexError) as refusal:
        print(refusal, file=sys.stderr)
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main())
