"""dangol work: run jobs."""

from __future__ import annotations

import argparse
import asyncio

from dangol.core.processes import stop_with_parent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many jobs at the same time; --drain stops when the queue is empty."""
    parser.add_argument("--concurrency", type=int, default=2)
    parser.add_argument("--drain", action="store_true", help="stop when the queue is empty")


def run(options: argparse.Namespace) -> None:
    """Work until told to stop; a job under way is finished first."""
    from procrastinate.contrib.django import app

    from dangol.config.recurring import register
    from dangol.sources.scheduling.recurring import timed

    stop_with_parent()
    register()

    async def work() -> None:
        worker_app = app.with_connector(app.connector.get_worker_connector())
        async with worker_app.open_async():
            await worker_app.run_worker_async(
                concurrency=options.concurrency,
                wait=not options.drain,
                shutdown_graceful_timeout=20,
                delete_jobs="successful",
                task_middleware=[timed],
            )

    asyncio.run(work())
