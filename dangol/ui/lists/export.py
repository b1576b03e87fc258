"""A list as a file: streamed in pieces, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone

from dangol.core.keyset import Keyset
from dangol.ui.lists.columns import Column

PIECE = 2000
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠", "|", "%")


def harmless(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float) or value.__class__.__name__ == "Decimal":
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M:%S")
    text = str(value)
    risky = text.startswith(FORMULA) or text.lstrip(" \u00a0\u3000\ufeff").startswith(FORMULA)
    text = text.replace("\x00", "")
    return f"'{text}" if risky else text


class _Line:
    """A place to write that hands back what was written."""

    def write(self, text: str) -> str:
        return text


def pieces(
    rows: QuerySet,
    order: Keyset,
    columns: list[Column],
    complete: Callable[[list[Any]], None] = list,
) -> Iterator[bytes]:
    """The file, some thousand rows at a time; no row is held longer than its piece."""
    writer = csv.writer(_Line())
    yield ("\ufeff" + writer.writerow([str(c.label) for c in columns])).encode()
    rows, cursor = order.sort(rows), ""
    while True:
        some = list((order.after(rows, cursor) if cursor else rows)[:PIECE])
        complete(some)
        if some:
            lines = (writer.writerow([harmless(c.told(row)) for c in columns]) for row in some)
            yield "".join(lines).encode()
        if len(some) < PIECE:
            return
        cursor = order.cursor(some[-1])


async def pieces_later(source: Iterator[bytes]):
    """The same for a server that waits for nobody."""
    step = sync_to_async(lambda: next(source, None))
    while (piece := await step()) is not None:
        yield piece


def csv_of(request: HttpRequest, page, rows: QuerySet, state) -> StreamingHttpResponse:
    """The answer that carries a list page's rows as a file."""
    source = pieces(rows, state.order, state.columns, page.completed)
    body = pieces_later(source) if isinstance(request, ASGIRequest) else source
    response = StreamingHttpResponse(body, content_type="text/csv; charset=utf-8")
    day = timezone.localdate().isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="{page.key}-{day}.csv"'
    response.headers["X-Accel-Buffering"] = "no"
    return response
