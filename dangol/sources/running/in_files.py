"""Where the rows of a run begin in their files; asked only of rows that somebody is shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dangol.sources.models import Connection, LandedRow, Run
from dangol.sources.running.records import Refusals

At = tuple[str, int]
"""A file's name and the line where a row begins in it."""
NOWHERE: At = ("", 0)


def places_of(run: Run, refused: Refusals) -> dict[int, At]:
    """Where refused rows stand, and those of which their reasons speak."""
    named = (facts["line"] for _line, _column, _reason, facts in refused if "line" in facts)
    return places_in_files(run, {*(one[0] for one in refused), *named})


def places_in_files(run: Run, lines: Iterable[int]) -> dict[int, At]:
    """Row of the run: its file and line, as far as it came from a file."""
    if not (asked := list(lines)):
        return {}
    rows = LandedRow.objects.filter(run_id=run.pk, line__in=asked).exclude(file="")
    return {line: (file, at) for line, file, at in rows.values_list("line", "file", "file_line")}


def with_file(facts: dict[str, Any], own: At, places: dict[int, At]) -> dict[str, Any]:
    """The facts of a reason that names another row: as a line of its file, named if it is another."""
    file, at = places.get(facts.get("line", 0), NOWHERE)
    if not file:
        return facts
    return facts | {"line": at if file == own[0] else f"{file} · {at}"}


def locate_samples(run: Run) -> None:
    """Write file and line beside the samples of what was strange."""
    if run.source.connection != Connection.FOLDER:
        return
    found = [sample for entry in run.strange.values() for sample in entry["samples"]]
    without = [sample for sample in found if len(sample) == 3 and sample[0]]
    places = places_in_files(run, {sample[0] for sample in without})
    for sample in without:
        sample += places.get(sample[0], ())
