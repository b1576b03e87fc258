"""The run over a file: batch by batch, each whole or not at all, from where it stood."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from dangol.core.resident_numbers import without_numbers
from dangol.imports import staging
from dangol.imports.batches import Parsed, Parser, ahead, cut
from dangol.imports.cells import tidy
from dangol.imports.kinds import KINDS, Batch, Kind
from dangol.imports.mapping import headings
from dangol.imports.models import Import, RefusedRow, SeenKey
from dangol.imports.odd_rows import judged
from dangol.imports.reading import Layout, lines

SHOWN = 20
SAMPLES = 6
Tell = Callable[[Import], None]


def nobody(run: Import) -> None:
    """Progress that nobody watches."""


class Stopped(Exception):
    """The run was cancelled, or another worker carries it on."""


def text_file(run: Import) -> Path:
    """The file as text: itself, or what its workbook's sheet was turned into."""
    path = Path(run.file.path)
    return path.with_suffix(".sheet.csv") if path.suffix == ".xlsx" else path


def run_file(key: uuid.UUID, *, dry: bool, tell: Tell = nobody) -> Import:
    """Run an import over its file, dry or in earnest; returns it as it stands in the end."""
    run = begin(key, dry=dry)
    kind = KINDS[run.kind].under(run.mapping)
    layout = Layout(**run.layout)
    path = text_file(run)
    parser = Parser(kind, headings(path, layout), run.mapping)
    position = 0 if dry else run.position
    token = run.running_from
    assert token is not None
    found = ahead(parsed_batches(path, layout, kind, parser, position))
    try:
        for parsed in found:
            run = one_batch(key, kind, parser, parsed, token=token, dry=dry)
            tell(run)
        if not dry:
            kind.finish(Batch(run.pk, run.source, run.by, parser.mapped))
        return finish(key, token=token, dry=dry)
    except Stopped:
        return Import.objects.get(pk=key)
    finally:
        found.close()  # type: ignore[attr-defined]


def parsed_batches(
    path: Path, layout: Layout, kind: Kind, parser: Parser, skip: int
) -> Iterator[Parsed]:
    """The file's rows from a position on, in parsed batches."""
    found = lines(path, layout, skip)
    if layout.header:
        found = judged(found, lambda: lines(path, layout), parser.names)
    for batch in cut(found, kind, parser.group_at):
        yield parser.parse(batch)


@transaction.atomic
def begin(key: uuid.UUID, *, dry: bool) -> Import:
    """Take the run over: whoever ran it before stops at the next batch."""
    run = Import.objects.select_for_update().get(pk=key)
    run.running_from = max(timezone.now(), (run.running_from or timezone.now()) + TICK)
    run.running_from_position = 0 if dry else run.position
    if dry:
        run.looked_at, run.planned_at, run.plan = 0, None, empty_plan()
    if dry or run.position == 0:
        SeenKey.objects.filter(run=run).delete()
    run.save()
    return run


TICK = dt.timedelta(microseconds=1)


def empty_plan() -> dict[str, Any]:
    """A picture with nothing on it yet."""
    counts = {"rows": 0, "new": 0, "changed": 0, "same": 0, "refused": 0}
    return {**counts, "reasons": [], "refusals": [], "samples": []}


def hold(key: uuid.UUID, token: dt.datetime) -> Import:
    """The import, locked, if this run still has the right to go on."""
    run = Import.objects.select_for_update(of=("self",)).select_related("by").get(pk=key)
    if run.running_from != token or run.cancelled_at or run.finished_at:
        raise Stopped
    return run


@transaction.atomic
def one_batch(
    key: uuid.UUID, kind: Kind, parser: Parser, parsed: Parsed, *, token: dt.datetime, dry: bool
) -> Import:
    """Judge a batch and, in earnest, store it with its refused rows and the new position."""
    run = hold(key, token)
    batch = Batch(run.pk, run.source, run.by, parser.mapped, dry)
    staging.run("SELECT pg_advisory_xact_lock(hashtext(%(name)s))", {"name": f"import {run.kind}"})
    columns = parser.stage_columns
    staging.make_stage(columns, kind.work)
    staging.fill_stage(columns, parsed)
    refuse_seen_keys(run, grouped=kind.grouped)
    kind.judge(batch)
    if kind.grouped:
        refuse_whole_groups(parsed)
    keep_seen_keys(run)
    if not dry:
        staging.run("ANALYZE stage")
        kind.store(batch)
    counts = dict(
        staging.rows_of("SELECT coalesce(verdict, 'new'), count(*) FROM stage GROUP BY 1")
    )
    refused = counts.get("refused", 0) + len(parsed.refusals)
    if dry:
        draw(run, parsed, counts, refused)
        run.looked_at += parsed.rows
    else:
        keep_refusals(run, parsed)
        run.position += parsed.rows
        run.new += counts.get("new", 0)
        run.changed += counts.get("changed", 0)
        run.same += counts.get("same", 0)
        run.refused += refused
    run.save()
    return run


def refuse_seen_keys(run: Import, *, grouped: bool) -> None:
    """A key that stood in an earlier line of this file is refused: which of the two is right?"""
    staging.refuse_where(
        "seen.run_id = %(run)s::uuid AND seen.key = s.key".replace("%(run)s", f"'{run.pk}'"),
        "key",
        gettext_noop("the rows of “%(key)s” do not stand together; the first is in line %(line)s")
        if grouped
        else gettext_noop("“%(key)s” stood in line %(line)s already"),
        {"key": "s.key", "line": "seen.line"},
        "FROM imports_seenkey seen",
    )
    if not grouped:
        staging.refuse_where(
            "first.key = s.key AND first.line < s.line",
            "key",
            gettext_noop("“%(key)s” stood in line %(line)s already"),
            {"key": "s.key", "line": "first.line"},
            "FROM (SELECT key, min(line) AS line FROM stage WHERE key IS NOT NULL AND"
            " verdict IS NULL GROUP BY key HAVING count(*) > 1) first",
        )


def refuse_whole_groups(parsed: Parsed) -> None:
    """Rows with one key are taken together or not at all."""
    at = parsed.key_at
    if at is not None and parsed.refusals:
        broken = [tidy(r.cells[at]) for r in parsed.refusals if len(r.cells) > at]
        staging.run(
            "UPDATE stage SET verdict = 'refused', reason = %(reason)s, facts = '{}'"
            " WHERE key = ANY(%(keys)s) AND verdict IS DISTINCT FROM 'refused'",
            {"reason": GROUP_REFUSED, "keys": [key for key in broken if key]},
        )
    staging.run(
        "UPDATE stage SET verdict = 'refused', reason = %(reason)s, facts = '{}'"
        " WHERE verdict IS DISTINCT FROM 'refused'"
        " AND key IN (SELECT key FROM stage WHERE verdict = 'refused')",
        {"reason": GROUP_REFUSED},
    )


GROUP_REFUSED = gettext_noop("another row with the same key was refused")


def keep_seen_keys(run: Import) -> None:
    """Remember which keys this file has brought."""
    staging.run(
        "INSERT INTO imports_seenkey (run_id, key, line)"
        " SELECT %(run)s, key, min(line) FROM stage WHERE key IS NOT NULL"
        " AND verdict IS DISTINCT FROM 'refused' GROUP BY key ORDER BY key"
        " ON CONFLICT DO NOTHING",
        {"run": run.pk},
    )


def staged_refusals() -> list[tuple[int, str, str, dict[str, Any]]]:
    """The rows that the kind refused."""
    return [
        (line, column, reason, json.loads(facts or "{}"))
        for line, column, reason, facts in staging.rows_of(
            "SELECT line, refused_column, reason, facts::text FROM stage WHERE verdict = 'refused'"
            " ORDER BY line"
        )
    ]


def all_refusals(
    parsed: Parsed, of_people: bool
) -> list[tuple[int, str, str, dict[str, Any], list[str]]]:
    """Every refused row of a batch as it may be kept, in the order of the file."""
    found = [(r.line, r.column, r.reason, r.facts, r.cells) for r in parsed.refusals]
    found += [(*row, parsed.originals.get(row[0], [])) for row in staged_refusals()]
    found.sort(key=lambda row: row[0])
    return [(*row[:3], facts_kept(row[3]), cells_kept(row[4], of_people)) for row in found]


def facts_kept(facts: dict[str, Any]) -> dict[str, Any]:
    """What fills a reason in, without resident registration numbers."""
    return {k: without_numbers(v) if isinstance(v, str) else v for k, v in facts.items()}


def cells_kept(cells: list[str], of_people: bool) -> list[str]:
    """Cells without such numbers, and without NUL, which no database takes."""
    return [without_numbers(cell.replace("\x00", ""), of_people=of_people) for cell in cells]


def keep_refusals(run: Import, parsed: Parsed) -> None:
    """Store the refused rows of a batch."""
    RefusedRow.objects.bulk_create(
        RefusedRow(
            run=run, line=line, column=column, reason=reason, facts=facts,
            cells=cells,
        )
        for line, column, reason, facts, cells in all_refusals(parsed, KINDS[run.kind].of_people)
    )  # fmt: skip


def draw(run: Import, parsed: Parsed, counts: dict[str, int], refused: int) -> None:
    """Add a batch to the picture of what will happen."""
    plan = run.plan
    plan["rows"] += parsed.rows
    plan["refused"] += refused
    for verdict in ("new", "changed", "same"):
        plan[verdict] += counts.get(verdict, 0)
    reasons = {(r["column"], r["reason"]): r for r in plan["reasons"]}
    for line, column, reason, facts, cells in all_refusals(parsed, KINDS[run.kind].of_people):
        entry = reasons.setdefault(
            (column, reason),
            {"column": column, "reason": reason, "count": 0, "line": line, "facts": facts},
        )
        entry["count"] += 1
        if len(plan["refusals"]) < SHOWN:
            shown = [cell[:60] for cell in cells]
            plan["refusals"].append(
                {"line": line, "column": column, "reason": reason, "facts": facts, "cells": shown}
            )
    plan["reasons"] = sorted(reasons.values(), key=lambda r: -r["count"])[:50]
    for verdict in ("changed", "new"):
        room = SAMPLES - sum(s["verdict"] == verdict for s in plan["samples"])
        if room > 0:
            for line, key, seen in staging.rows_of(
                "SELECT line, key, seen::text FROM stage WHERE verdict = %(v)s ORDER BY line LIMIT %(n)s",
                {"v": verdict, "n": room},
            ):
                plan["samples"].append(
                    {"line": line, "key": key, "verdict": verdict, "seen": json.loads(seen or "{}")}
                )


@transaction.atomic
def finish(key: uuid.UUID, *, token: dt.datetime, dry: bool) -> Import:
    """Close the run."""
    run = hold(key, token)
    now = timezone.now()
    run.running_from = None
    if dry:
        run.planned_at, run.rows = now, run.looked_at
    else:
        run.finished_at, run.rows = now, run.position
    SeenKey.objects.filter(run=run).delete()
    run.save()
    return run
