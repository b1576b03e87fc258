"""The worker: each lane of jobs has slots of its own, in one process."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from procrastinate import App
from procrastinate.periodic import PeriodicRegistry
from procrastinate.signals import on_stop

from dangol.core.jobs import Lane, app, rescue_stalled_jobs
from dangol.sources.scheduling.recurring import timed

SENDERS = 2
"""Slots of what waits for systems of others."""
GRACE = 20
"""Seconds for which jobs under way may finish after a request to stop."""
SPARE = 4
"""Threads beside those of the slots: looking up names takes one too."""


def slots_of(short: int, long: int) -> dict[Lane, int]:
    """The slots of each lane. Where short jobs are done at all, each of the steady ones has its own."""
    steady = sum(task.queue == Lane.STEADY for task in app.tasks.values())
    slots = {Lane.LONG: long}
    if short > 0:
        slots |= {Lane.QUICK: short, Lane.SENDING: SENDERS, Lane.STEADY: steady}
    return {lane: number for lane, number in slots.items() if number > 0}


async def drain(slots: int) -> None:
    """Do what waits, of any lane, and end."""
    worker_app = app.with_connector(app.connector.get_worker_connector())
    enough_threads(slots)
    async with worker_app.open_async():
        await work_off(worker_app, None, slots, wait=False, signals=True)


async def work(slots: dict[Lane, int]) -> None:
    """A worker for each lane. They end together: when somebody asks, or when one of them failed."""
    connector = app.connector.get_worker_connector()
    enough_threads(sum(slots.values()))
    await rescue_stalled_jobs()
    async with app.with_connector(connector).open_async():
        lanes = []
        for lane, number in slots.items():
            lane_app = app.with_connector(connector)
            if lanes:  # one is enough to put recurring jobs into the queue
                lane_app.periodic_registry = PeriodicRegistry()
            lanes.append(asyncio.create_task(work_off(lane_app, lane, number)))

        def stop() -> None:
            for each in lanes:
                if not each.cancelling():  # a second time would break off what may finish
                    each.cancel()

        with on_stop(stop):
            await asyncio.wait(lanes, return_when=asyncio.FIRST_COMPLETED)
            stop()
            ends = await asyncio.gather(*lanes, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def work_off(
    worker_app: App, lane: Lane | None, slots: int, *, wait: bool = True, signals: bool = False
) -> None:
    """Do the jobs of a lane, or of all."""
    await worker_app.run_worker_async(
        queues=[lane.value] if lane else None,
        name=lane.value if lane else "worker",
        concurrency=slots,
        wait=wait,
        install_signal_handlers=signals,
        shutdown_graceful_timeout=GRACE,
        delete_jobs="successful",
        task_middleware=[*app.worker_defaults["task_middleware"], timed],
    )


def enough_threads(slots: int) -> None:
    """A thread for each slot: Python's own number hangs on the processors of the machine."""
    threads = ThreadPoolExecutor(slots + SPARE, thread_name_prefix="job")
    asyncio.get_running_loop().set_default_executor(threads)
