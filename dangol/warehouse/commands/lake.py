"""dangol lake copy|rebuild|compact|check|status."""

from __future__ import annotations

import argparse

WORK = ("status", "copy", "rebuild", "compact", "check")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do; `rebuild` may name tables, `check` may repair."""
    parser.add_argument("work", choices=WORK, nargs="?", default="status")
    parser.add_argument("tables", nargs="*", help="rebuild: only these")
    parser.add_argument("--fix", action="store_true", help="check: make damaged files anew")


def run(options: argparse.Namespace) -> int:
    """0 when all is well."""
    from dangol.core.alone import Busy
    from dangol.warehouse import actions, checking, compacting
    from dangol.warehouse.facts import FACTS
    from dangol.warehouse.models import Run, RunKind

    if unknown := set(options.tables) - set(FACTS):
        print(f"no such table: {', '.join(sorted(unknown))}; there are {', '.join(sorted(FACTS))}")
        return 2
    try:
        match options.work:
            case "copy":
                said(actions.copy_changes())
            case "rebuild":
                said(actions.rebuild_tables(Run(kind=RunKind.REBUILD), options.tables))
            case "compact":
                said(compacting.compact())
            case "check":
                return check(checking.damaged_files(), options.fix)
            case _:
                status()
    except Busy:
        print("the lake is being worked on; try again")
        return 1
    return 0


def said(run) -> None:  # type: ignore[no-untyped-def]
    """What came of it."""
    if run is None:
        print("nothing to do")
    else:
        print(f"version {run.version}: {run.rows:,} rows written in {run.seconds:.1f} s")


def check(wrong: list[str], fix: bool) -> int:
    """Name the damaged files, and make them anew if asked."""
    from dangol.warehouse import actions

    for line in wrong:
        print(line)
    if not wrong:
        print("every file is whole")
        return 0
    if not fix:
        print(f"{len(wrong)} damaged; `dangol lake check --fix` makes them anew")
        return 1
    said(actions.repair())
    return 0


def status() -> None:
    """Tables, rows, sizes, and how far behind."""
    from dangol.warehouse.queries import lake_standing

    standing = lake_standing()
    if standing.newest is None:
        print("nothing was copied yet; `dangol lake copy` does")
        return
    print(f"version {standing.newest.version}, as of {standing.as_of}; {standing.waiting} waiting")
    for table in standing.tables:
        version = table.version
        print(f"{table.fact.name:18} {version.rows:>12,} rows {version.bytes:>14,} bytes"
              f" {len(version.files):>4} files  {table.earliest} – {table.latest}")  # fmt: skip
