"""The refused rows as a file: line, reason, then the cells as they came, safe in a spreadsheet."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from django.utils.translation import gettext as _

from dangol.imports.mapping import headings
from dangol.imports.models import Import
from dangol.imports.queries import reason_text, refused_rows
from dangol.imports.reading import Layout
from dangol.imports.running import text_file
from dangol.ui.lists.export import harmless


class Echo:
    """Hands back what is written."""

    def write(self, text: str) -> str:
        return text


def file_headings(run: Import) -> list[str]:
    """The file's own headings, or numbers once the file is gone."""
    path = text_file(run)
    if run.file_deleted_at or not path.exists():
        return []
    return headings(path, Layout(**run.layout))


def pieces(run: Import) -> Iterator[bytes]:
    """The file in pieces; corrected, it can be loaded as it is."""
    writer = csv.writer(Echo())
    head = [_("Line"), _("Reason"), *file_headings(run)]
    yield ("\ufeff" + writer.writerow([harmless(cell) for cell in head])).encode()
    some: list[str] = []
    for row in refused_rows(run).iterator(chunk_size=2000):
        reason = reason_text(run, row.column, row.reason, row.facts)
        cells = [row.line, harmless(reason), *(harmless(cell) for cell in row.cells)]
        some.append(writer.writerow(cells))
        if len(some) >= 2000:
            yield "".join(some).encode()
            some = []
    yield "".join(some).encode()
