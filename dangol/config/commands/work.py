"""dangol work: run jobs."""

from __future__ import annotations

import argparse
import asyncio

from dangol.core.processes import stop_with_parent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many jobs at the same time, short and long; --drain stops when the queue is empty."""
    parser.add_argument(
        "--concurrency", type=int, default=2, help="short jobs at the same time; 0: long ones only"
    )
    parser.add_argument("--long", type=int, default=2, help="long jobs at the same time")
    parser.add_argument("--drain", action="store_true", help="stop when the queue is empty")


def run(options: argparse.Namespace) -> None:
    """Work until told to stop; a job under way is finished first."""
    from dangol.config import working
    from dangol.config.recurring import register

    stop_with_parent()
    register()
    if options.drain:
        asyncio.run(working.drain(max(1, options.concurrency)))
    elif slots := working.slots_of(options.concurrency, options.long):
        asyncio.run(working.work(slots))
    else:
        raise SystemExit("dangol: a worker needs a slot. Give --concurrency or --long a number.")
