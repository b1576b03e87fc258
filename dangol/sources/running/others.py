"""Transactions, products and sites go the way of imported files: their kind judges and stores."""

from __future__ import annotations

import json
from typing import Any

from dangol.imports import staging
from dangol.imports.batches import Parser
from dangol.imports.kinds import Batch, Kind
from dangol.imports.reading import Line
from dangol.sources.models import Run
from dangol.sources.running.arranging import Arranged
from dangol.sources.running.records import KNOWN, KNOWN_BEFORE, Refusals
from dangol.sources.running.retrying import AGAIN, GROUP_REFUSED
from dangol.sources.strange import days_left_out


def parser_of(kind: Kind, mapping: dict[str, Any]) -> Parser:
    """A parser over rows that are in our columns already."""
    names = [column.name for column in kind.columns if column.name in mapping]
    return Parser(kind, names, {name: name for name in names})


def batch_of(run: Run, parser: Parser) -> Batch:
    """What the kind is told of the batch."""
    return Batch(run.pk, run.source.system, run.by, parser.mapped)


def apply_rows(
    run: Run, kind: Kind, rows: list[Arranged], keys: dict[int, str]
) -> tuple[dict[str, int], Refusals]:
    """One batch: how many new, changed, same, and what was refused."""
    parser = parser_of(kind, run.source.mapping)
    refused: Refusals = [(row.line, *row.refused) for row in rows if row.refused]
    whole = [row for row in rows if not row.refused]
    empty_days(run, kind, whole)
    parsed = parser.parse(
        [Line(row.line, [row.cells.get(name, "") for name in parser.names]) for row in whole]
    )
    refused += [(one.line, one.column, one.reason, one.facts) for one in parsed.refusals]
    broken = {keys[one[0]] for one in refused}
    lock = {"name": f"import {kind.key}"}
    staging.run("SELECT pg_advisory_xact_lock(hashtext(%(name)s))", lock)
    staging.make_stage(parser.stage_columns, kind.work)
    staging.fill_stage(parser.stage_columns, parsed)
    refuse_twice(run, kind)
    if kind.grouped:
        refuse_groups(broken)
    kind.judge(batch_of(run, parser))
    if kind.grouped:
        refuse_groups(set())
    staging.run(KNOWN, {"source": run.source_id, "run": run.pk})
    staging.run("ANALYZE stage")
    kind.store(batch_of(run, parser))
    counts = dict(staging.rows_of("SELECT verdict, count(*) FROM stage GROUP BY 1"))
    refused += [
        (line, column, reason, json.loads(facts or "{}"))
        for line, column, reason, facts in staging.rows_of(
            "SELECT line, refused_column, reason, facts::text FROM stage WHERE verdict = 'refused'"
        )
    ]
    counts["refused"] = len(refused)
    return counts, refused


def empty_days(run: Run, kind: Kind, rows: list[Arranged]) -> None:
    """Days that are none are empty where a row may do without."""
    for row in rows:
        for name, what in days_left_out(row.cells, kind.columns).items():
            run.note(what, 1, [row.line, name, row.cells[name][:60]])
            row.cells[name] = ""


def refuse_twice(run: Run, kind: Kind) -> None:
    """A key that this run had already is refused; lines of one transaction share theirs."""
    facts = {"source": run.source_id, "run": run.pk, "reason": AGAIN}
    staging.run(KNOWN_BEFORE, facts)
    if not kind.grouped:
        staging.refuse_where(
            "first.key = s.key AND first.line < s.line", "key", AGAIN,
            {"key": "s.key", "line": "first.line"},
            "FROM (SELECT key, min(line) AS line FROM stage WHERE key IS NOT NULL AND"
            " verdict IS NULL GROUP BY key HAVING count(*) > 1) first",
        )  # fmt: skip


def refuse_groups(broken: set[str]) -> None:
    """Rows with one key are taken together or not at all."""
    staging.run(
        "UPDATE stage SET verdict = 'refused', reason = %(reason)s, facts = '{}'"
        " WHERE verdict IS DISTINCT FROM 'refused' AND (key = ANY(%(keys)s)"
        " OR key IN (SELECT key FROM stage WHERE verdict = 'refused'))",
        {"reason": GROUP_REFUSED, "keys": [key for key in broken if key]},
    )
