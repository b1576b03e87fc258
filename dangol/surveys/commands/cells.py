"""Compare the index cells with the answers, and put them right if asked."""

from __future__ import annotations

import argparse

SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """--fix writes what the answers say."""
    parser.add_argument("--fix", action="store_true", help="put the differing cells right")


def run(options: argparse.Namespace) -> int:
    """0 when every cell equals its recomputation (or was put right), 1 when some differ."""
    from dangol.surveys.cells import differences, recompute_cells

    wrong = differences()
    for one in wrong[:SHOWN]:
        item = one.item or "(index)"
        print(f"{one.place} {one.process} {item} {one.day}: {one.kept} ≠ {one.made}")
    if len(wrong) > SHOWN:
        print(f"… and {len(wrong) - SHOWN} more")
    if not wrong:
        print("every cell equals its recomputation")
        return 0
    if not options.fix:
        print(f"{len(wrong)} cells differ; `dangol cells --fix` puts them right")
        return 1
    print(f"{recompute_cells()} cells put right")
    return 0
