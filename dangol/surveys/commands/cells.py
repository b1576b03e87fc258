"""Compare the index cells with the answers and the tallies with the checks, and put them right if asked."""

from __future__ import annotations

import argparse

SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--fix writes what the answers and checks say."""
    parser.add_argument("--fix", action="store_true", help="put the differing cells right")


def run(options: argparse.Namespace) -> int:
    """0 when all equal their recomputation (or were put right), 1 when some differ."""
    from dangol.customers.tallies import recompute_tallies, tally_differences
    from dangol.surveys.cells import differences, recompute_cells

    cells, tallies = differences(), tally_differences()
    lines = [
        f"{c.place} {c.process} {c.item or '(index)'} {c.day}: {c.kept} ≠ {c.made}" for c in cells
    ]
    lines += [f"{t.place} {t.source} {t.span} {t.first}: {t.kept} ≠ {t.made}" for t in tallies]
    for line in lines[:SHOWN]:
        print(line)
    if len(lines) > SHOWN:
        print(f"… and {len(lines) - SHOWN} more")
    if not lines:
        print("every cell and tally equals its recomputation")
        return 0
    if not options.fix:
        print(f"{len(lines)} differ; `dangol cells --fix` puts them right")
        return 1
    print(f"{recompute_cells()} cells and {recompute_tallies()} tallies put right")
    return 0
