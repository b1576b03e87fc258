"""A table of figures as a file: CSV or XLSX, row by row, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any

import xlsxwriter
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from dangol.ui.lists.export import PIECE, harmless, pieces_later

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BYTES = 1 << 16
Rows = Iterable[list[Any]]


class _Line:
    """A place to write that hands back what was written."""

    def write(self, text: str) -> str:
        return text


def csv_pieces(head: list[str], rows: Rows) -> Iterator[bytes]:
    """The file, some thousand rows at a time."""
    writer = csv.writer(_Line())
    lines = [writer.writerow(head)]
    yield b"\xef\xbb\xbf"
    for row in rows:
        lines.append(writer.writerow([harmless(cell) for cell in row]))
        if len(lines) >= PIECE:
            yield "".join(lines).encode()
            lines = []
    yield "".join(lines).encode()


def xlsx_pieces(head: list[str], rows: Rows) -> Iterator[bytes]:
    """The workbook: rows go to the disk as they come, so that no table is held whole."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        book = xlsxwriter.Workbook(
            file.name,
            {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
        )
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True, "bottom": 1})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(head) - 1, 16)
        for at, word in enumerate(head):
            sheet.write_string(0, at, word, bold)
        for line, row in enumerate(rows, 1):
            for at, cell in enumerate(row):
                if isinstance(cell, int | float):
                    sheet.write_number(line, at, cell)
                elif cell is not None and cell != "":
                    sheet.write_string(line, at, str(harmless(cell)))
        book.close()
        while data := file.read(BYTES):
            yield data


def table_file(
    request: HttpRequest, name: str, form: str, head: list[Any], rows: Rows
) -> StreamingHttpResponse:
    """The answer that carries a table as a file of one of the two forms."""
    words = [str(word) for word in head]
    source = xlsx_pieces(words, rows) if form == "xlsx" else csv_pieces(words, rows)
    body = pieces_later(source) if isinstance(request, ASGIRequest) else source
    response = StreamingHttpResponse(body, content_type=TYPES["xlsx" if form == "xlsx" else "csv"])
    day = timezone.localdate().isoformat()
    ending = "xlsx" if form == "xlsx" else "csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{day}.{ending}"'
    response.headers["X-Accel-Buffering"] = "no"
    return response
