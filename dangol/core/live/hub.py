"""The live process: tells every open screen the present state of what it shows.

State is sent, not change: whoever connects gets the present state of each topic first, then every
newer one. A screen that was away for a second or a day misses nothing, because there is nothing
between the state that it has and the state that it gets.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections, connections

from dangol.core.live.listener import Listener
from dangol.core.live.screens import Screen, message
from dangol.core.live.topics import SOURCES, Source, State
from dangol.core.live.visitors import allowed_topics

log = logging.getLogger(__name__)
TICK = 0.05
"""Seconds in which announcements are gathered before states are read once for all of them."""
RECHECK = 30.0
BATCH = 25


class Hub:
    """Screens by topic, and the loop that reads changed states and hands them out."""

    def __init__(self) -> None:
        self.screens: set[Screen] = set()
        self.by_topic: dict[str, set[Screen]] = defaultdict(set)
        self.shown: dict[str, State] = {}
        self.payloads: dict[str, bytes] = {}
        self.announced: dict[str, dict[str, list[State]]] = defaultdict(lambda: defaultdict(list))
        self.fresh: dict[str, set[Screen]] = defaultdict(set)
        self.missed = False
        self.work = asyncio.Event()
        self.born, self.version = format(time.time_ns(), "x"), 0
        self.listener = Listener(self.heard, self.again)
        # One thread each, so that a source never meets itself and checks never hold up news.
        self.reading = ThreadPoolExecutor(1, "live-read")
        self.asking = ThreadPoolExecutor(1, "live-ask")
        self.tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to listen and to hand out."""
        if not self.tasks:
            jobs = (self.listener.run(), self.hand_out(), self.check_again(), self.let_time_pass())
            self.tasks = [asyncio.create_task(job) for job in jobs]

    async def stop(self) -> None:
        """End every stream, then the loops."""
        for screen in self.screens:
            screen.end()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for threads in (self.reading, self.asking):
            threads.submit(connections.close_all)
            threads.shutdown(wait=True, cancel_futures=False)

    def heard(self, topic: str, data: State) -> None:
        """An announcement was committed."""
        prefix, _, key = topic.partition(":")
        if prefix in SOURCES:
            self.announced[prefix][key].append(data)
            self.work.set()

    def again(self) -> None:
        """Announcements may have been missed: everything is read and sent again."""
        self.missed = True
        self.work.set()

    def join(self, screen: Screen) -> None:
        """A screen opened; it gets the present state of its topics first."""
        self.screens.add(screen)
        for topic in screen.topics:
            self.by_topic[topic].add(screen)
            self.fresh[topic].add(screen)
        self.work.set()

    def leave(self, screen: Screen) -> None:
        """A screen closed."""
        self.screens.discard(screen)
        for topic in screen.topics:
            here = self.by_topic[topic]
            here.discard(screen)
            self.fresh.get(topic, set()).discard(screen)
            if not here:
                del self.by_topic[topic]
                self.shown.pop(topic, None)
                self.payloads.pop(topic, None)

    async def ask(self, visits: list[tuple[str, frozenset[str]]]) -> list[frozenset[str] | None]:
        """What these visitors may hear now, away from the loop that feeds the screens."""
        return await asyncio.get_running_loop().run_in_executor(self.asking, allowed_topics, visits)

    async def read(self, *given: Any) -> dict[str, State]:
        """The states to tell, likewise."""
        return await asyncio.get_running_loop().run_in_executor(self.reading, read, *given)

    async def hand_out(self) -> None:
        """Whenever something was announced or somebody came: read once, tell all."""
        while True:
            await self.work.wait()
            await asyncio.sleep(TICK)
            self.work.clear()
            announced, self.announced = self.announced, defaultdict(lambda: defaultdict(list))
            fresh, self.fresh = self.fresh, defaultdict(set)
            missed, self.missed = self.missed, False
            listened: dict[str, set[str]] = defaultdict(set)
            for topic in self.by_topic:
                prefix, _, key = topic.partition(":")
                listened[prefix].add(key)
            try:
                states = await self.read(announced, set(fresh), listened, missed)
            except Exception:  # noqa: BLE001 - the database is away; nothing that was said may be lost
                log.exception("states cannot be read; trying again")
                self.missed = True
                for topic, screens in fresh.items():
                    self.fresh[topic] |= screens & self.screens
                await asyncio.sleep(1)
                self.work.set()
                continue
            self.tell(states, fresh)

    def tell(self, states: dict[str, State], fresh: dict[str, set[Screen]]) -> None:
        """Send each state that differs from what is shown; newcomers get theirs in any case."""
        for topic, state in states.items():
            if topic not in self.by_topic:
                continue
            if self.shown.get(topic) != state:
                self.version += 1
                try:
                    told = message(topic, state, f"{self.born}-{self.version}")
                except (TypeError, ValueError):
                    # One state that cannot be written must not silence every other screen.
                    log.exception("the state of %s cannot be told", topic)
                    continue
                self.shown[topic] = state
                self.payloads[topic] = told
                for screen in self.by_topic[topic]:
                    screen.show(topic, self.payloads[topic])
            else:
                for screen in fresh.get(topic, ()):
                    screen.show(topic, self.payloads[topic])

    async def let_time_pass(self) -> None:
        """Some states change by themselves: a day begins."""
        while True:
            await asyncio.sleep(RECHECK)
            for prefix in SOURCES:
                self.announced.setdefault(prefix, defaultdict(list))
            self.work.set()

    async def check_again(self) -> None:
        """Every half minute each screen's person is asked for again: active, signed in, allowed."""
        while True:
            began = time.monotonic()
            screens = list(self.screens)
            for start in range(0, len(screens), BATCH):
                batch = screens[start : start + BATCH]
                await self.check(batch)
                # Spread over the half minute, so that no screen waits for the checks of others.
                await asyncio.sleep(RECHECK * len(batch) / len(screens) / 2)
            await asyncio.sleep(max(1.0, RECHECK - (time.monotonic() - began)))

    async def check(self, batch: list[Screen]) -> None:
        """End the streams of those who may not hear all of it any more; they may ask again."""
        try:
            allowed = await self.ask([(s.session, s.topics) for s in batch])
        except Exception:  # noqa: BLE001 - the database is away; ask again in half a minute
            log.exception("visitors cannot be checked")
            return
        for screen, topics in zip(batch, allowed, strict=True):
            if topics != screen.topics:
                screen.end()


def read(
    announced: dict[str, dict[str, list[State]]],
    fresh: set[str],
    listened: dict[str, set[str]],
    missed: bool,
) -> dict[str, State]:
    """The states to tell, from every source that has something new."""
    close_old_connections()
    try:
        states: dict[str, State] = {}
        for prefix, keys in listened.items():
            new = {key for key in keys if f"{prefix}:{key}" in fresh}
            told = announced.get(prefix)
            try:
                found = read_source(SOURCES[prefix], keys, told, new, missed)
            except (OperationalError, InterfaceError):
                raise  # the database is away for all
            except Exception:
                # One source that fails must not silence the screens of all others.
                log.exception("the states of %s cannot be read", prefix)
                SOURCES[prefix].forget()
                continue
            states |= {f"{prefix}:{key}": state for key, state in found.items()}
        for prefix in set(announced).difference(listened):
            if announced[prefix]:
                # Nobody watches: what is kept in memory is old now, and the next screen must not see it.
                SOURCES[prefix].forget()
        return states
    finally:
        close_old_connections()


def read_source(
    source: Source,
    keys: set[str],
    announced: dict[str, list[State]] | None,
    fresh: set[str],
    missed: bool,
) -> dict[str, State]:
    """What one source has to tell: all of it when announcements may have been missed."""
    if missed:
        source.forget()
        return dict(source.snapshot(keys))
    found: dict[str, State] = {}
    if announced is not None:
        found |= source.changed(announced, keys)
    new = [key for key in fresh if key not in found]
    if new:
        found |= source.snapshot(new)
    return found
