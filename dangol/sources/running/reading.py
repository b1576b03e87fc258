"""The first half of a run: every row is brought here, piece by piece, and nothing is applied."""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import repeat
from typing import Any
from unicodedata import normalize

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from dangol.imports.staging import copy_cell, escaped
from dangol.sources.connecting import Ask, Connector, Piece, Unusable
from dangol.sources.connecting.values import larger
from dangol.sources.leaving import would_leave
from dangol.sources.models import KnownRow, Run, Source, TakenFile
from dangol.sources.running.arranging import gone_headings, used_headings
from dangol.sources.running.giving_up import tell_that_it_asks
from dangol.sources.running.holding import hold
from dangol.sources.running.in_files import locate_samples
from dangol.sources.running.keys import Keys
from dangol.sources.running.letters import odd_letters, put_right
from dangol.sources.running.numbers import Numbers
from dangol.sources.running.retrying import retry_refused
from dangol.sources.running.same_people import other_people

FEW = 20
"""So few rows may halve or go without anybody's look."""
SHARE = 0.05
"""Of the known rows, so many may go without anybody's look."""


def read_all(run: Run, connector: Connector) -> Run:
    """Bring every row here, from the cursor on; then see whether anything is suspicious."""
    source, token = run.source, run.token
    if not run.names:
        run = note_names(run.pk, token, connector.columns(source.place))
        if run.asked_at:
            return run
    refuse_without_key(run)
    for piece in connector.read(ask_of(run)):
        run = land(run.pk, token, piece)
    return look_at(run.pk, token)


def ask_of(run: Run) -> Ask:
    """What this run wants."""
    source = run.source
    lost = lost_watermark(run)
    return Ask(
        source.place, run.names, source.heading.get("key", []), "" if lost else run.watermark_column,
        {} if lost else source.watermark, run.cursor, taken_files(run), run.full or bool(lost),
    )  # fmt: skip


def lost_watermark(run: Run) -> list[str]:
    """The column by which this run would read, if the source no longer has it; files have none."""
    column = run.watermark_column
    needed = column and column not in run.names and run.source.connection != "folder"
    return [column] if needed else []


def refuse_without_key(run: Run) -> None:
    """Without the column of the key every row would be refused, and every known one marked as gone."""
    gone = [name for name in run.source.heading.get("key", []) if name not in run.names]
    if gone:
        raise Unusable(
            gettext_noop("The source no longer has “%(name)s”, by which its rows are known. Match the column of the key anew, then run again."),
            name=gone[0][:100],
        )  # fmt: skip


def taken_files(run: Run) -> dict[str, str]:
    """Digest and name of the files that need not be read again; of whole ones only the last, for
    an older one brings an older state."""
    found = TakenFile.objects.filter(source=run.source).order_by("-at", "-pk")
    return dict((found[:1] if run.full else found).values_list("digest", "name"))


@transaction.atomic
def note_names(key: uuid.UUID, token: dt.datetime | None, names: list[str]) -> Run:
    """Write down the headings; a column that is needed and gone stops the run before it begins."""
    run = hold(key, token)
    run.names = names
    gone, lost = gone_headings(run.source.mapping, names), lost_watermark(run)
    if gone or lost:
        asked: dict[str, Any] = {"why": "column_gone", "columns": list(dict.fromkeys(gone + lost))}
        if any(name in gone for name in run.source.heading.get("key", [])):
            asked["needed"] = True
        elif lost:
            asked["watermark"] = True
        ask(run, asked)
    run.save()
    return run


def ask(run: Run, what: dict[str, Any]) -> None:
    """Stop before anything is applied, until somebody says what to do."""
    run.asked, run.asked_at, run.allowed_at = what, timezone.now(), None
    tell_that_it_asks(run)


@transaction.atomic
def land(key: uuid.UUID, token: dt.datetime | None, piece: Piece) -> Run:
    """Keep a piece with the place where reading goes on: both or neither."""
    run = hold(key, token)
    copy_rows(run, piece)
    used = [(name, run.names.index(name)) for name in used_headings(run.source.mapping) if name in run.names]  # fmt: skip
    for name, at in used:
        count = sum(1 for cells in piece.rows if at < len(cells) and cells[at].strip())
        run.filled[name] = run.filled.get(name, 0) + count
    for what, count in piece.strange.items():
        run.note(what, count, piece.samples.get(what))
    locate_samples(run)
    if piece.file and all(f["digest"] != piece.file["digest"] for f in run.files):
        run.files.append(piece.file)
    run.rows += len(piece.rows)
    run.cursor = piece.cursor
    run.watermark = larger(run.watermark, piece.watermark)
    run.save()
    return run


def copy_rows(run: Run, piece: Piece) -> None:
    """The rows of a piece into the landing by COPY, each with its key and without the numbers of
    residents."""
    if not piece.rows:
        return
    read = run.source.entity, run.source.mapping, run.names
    keys, numbers, lines = Keys(*read), Numbers(*read), []
    file = copy_cell(piece.within)
    for i, (came, at) in enumerate(zip(piece.rows, piece.lines or repeat(0), strict=False)):
        line, problem = run.rows + i + 1, piece.problems.get(i, "")
        cells = numbers.cut(line, with_letters(run, line, came))
        key = copy_cell(keys.of_row(cells, problem))
        said = f"{array(cells)}\t{copy_cell(problem[:200])}\t{key}\t{file}\t{at}"
        lines.append(f"{run.pk}\t{line}\t{said}\n")
    numbers.note(run.strange)
    with (
        connection.cursor() as cursor,
        cursor.copy(
            "COPY sources_landedrow (run_id, line, cells, problem, key, file, file_line) FROM STDIN"
        ) as copy,
    ):
        copy.write("".join(lines))


def with_letters(run: Run, line: int, cells: list[str]) -> list[str]:
    """A row whose garbled Hangul is put right; that it was, or came in single letters, is noted."""
    odd = {what: cell for cell in cells if (what := odd_letters(cell))}
    for what, cell in odd.items():
        run.note(what, 1, [line, "name", normalize("NFC", put_right(cell))[:60]])
    return [put_right(cell) for cell in cells] if "garbled" in odd else cells


def array(cells: list[str]) -> str:
    """A list of texts as COPY reads an array."""
    quoted = ('"' + cell.replace("\\", "\\\\").replace('"', '\\"') + '"' for cell in cells)
    return escaped("{" + ",".join(quoted) + "}")


@transaction.atomic
def look_at(key: uuid.UUID, token: dt.datetime | None) -> Run:
    """All is here: say that the second half may begin, or ask."""
    run = hold(key, token)
    retry_refused(run)
    suspicion = suspicious(run)
    locate_samples(run)
    if suspicion:
        ask(run, suspicion)
    else:
        run.read_at = timezone.now()
    run.save()
    return run


def suspicious(run: Run) -> dict[str, Any]:
    """What makes this run unlike the last complete one; empty when nothing does."""
    if "pages_grew" in run.strange:
        return {"why": "pages_grew"}  # what lay between the smaller and the larger pages is missing
    if others := other_people(run):
        return others
    if lacking := lacking_file(run):
        return lacking
    last = last_complete(run.source, run)
    lines = count_of(run, "swallowed")
    if lines > (count_of(last, "swallowed") if last else 0):
        return {"why": "swallowed", "lines": lines}
    if not run.full or only_known_files(run):
        return {}
    return (unlike(run, last) if last else {}) or missing_rows(run)


def lacking_file(run: Run) -> dict[str, Any]:
    """What to ask when one of several files has not all columns that are read: its rows would empty
    what is known."""
    used = used_headings(run.source.mapping)
    for file in run.files:
        if lacks := [name for name in used if name in file.get("lacks", [])]:
            return {"why": "file_lacks", "file": file["name"], "columns": lacks}
    return {}


def unlike(run: Run, last: Run) -> dict[str, Any]:
    """What to ask when far fewer rows came than last time, or a column came empty."""
    if last.rows >= FEW and run.rows * 2 < last.rows:
        return {"why": "halved", "before": last.rows, "now": run.rows}
    for name, before in last.filled.items():
        if name not in run.names:
            continue  # that it is gone was asked before
        now = run.filled.get(name, 0)
        if last.rows >= FEW and before * 2 > last.rows and now * 10 < run.rows:
            return {"why": "emptied", "column": name, "before": before, "now": now}
    return {}


def missing_rows(run: Run) -> dict[str, Any]:
    """What to ask when more of the known rows did not come than come and go by themselves, or when
    none came at all. Keys are compared: as many rows may have come under others."""
    left = would_leave(run, shown=0).count
    known = KnownRow.objects.filter(source_id=run.source_id, gone_at=None).count()
    if left > FEW and left > known * SHARE or left and not run.rows:
        return {"why": "fewer", "gone": left, "known": known}
    return {}


def count_of(run: Run, what: str) -> int:
    """How often something strange was noted."""
    return int(run.strange.get(what, {}).get("count", 0))


def only_known_files(run: Run) -> bool:
    """Whether all that was found are files that had been applied before."""
    return bool(run.files) and all("again" in file for file in run.files)


def last_complete(source: Source, but: Run) -> Run | None:
    """The last full run that was applied to its end with rows."""
    found = source.runs.filter(full=True, ended_at__isnull=False, failed_at=None, stopped_at=None)
    return found.exclude(pk=but.pk).filter(rows__gt=0).order_by("-created_at").first()
