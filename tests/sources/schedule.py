"""The schedule as the product runs it: the periodic jobs find what is due, a worker does what they ask."""

from __future__ import annotations

import asyncio
import gc

from django.utils import timezone
from procrastinate.contrib.django import app

from dangol.sources.models import Source


def work_off() -> None:
    """Do all jobs that wait, by the worker of the product, until none is left."""

    async def work() -> None:
        worker = app.with_connector(app.connector.get_worker_connector())
        async with worker.open_async():
            await worker.run_worker_async(
                wait=False, concurrency=1, install_signal_handlers=False, listen_notify=False
            )

    asyncio.run(work())


def a_night() -> None:
    """What the clock brings in one night: sources that are due, then all records against all."""
    Source.objects.filter(next_at__isnull=False).update(next_at=timezone.now())
    for name in ("sources.start_due_runs", "identity.match_new", "identity.match_all"):
        app.configure_task(name, queueing_lock=name).defer(timestamp=0)
        work_off()
    gc.collect()  # the connections of the worker's threads end with them
