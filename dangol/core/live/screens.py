"""One open screen: what it listens to, and the newest state that it has not been sent yet."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

Send = Callable[[dict[str, Any]], Awaitable[None]]
HEARTBEAT = 15.0
PATIENCE = 30.0
"""Seconds that a screen may take to accept a message before it is let go; it comes back by itself."""
BEAT = b": still here\nevent: heartbeat\ndata: {}\n\n"


def message(topic: str, state: Any, version: str) -> bytes:
    """One server-sent event."""
    data = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    return f"id: {version}\nevent: {topic}\ndata: {data}\n\n".encode()


class Screen:
    """A slow screen keeps one message per topic, the newest, and holds up nobody."""

    def __init__(self, session: str, topics: frozenset[str]) -> None:
        self.session = session
        self.topics = topics
        self.waiting: dict[str, bytes] = {}
        self.awake = asyncio.Event()
        self.ended = False

    def show(self, topic: str, payload: bytes) -> None:
        """Send this as soon as the line allows, in place of an older state of the topic."""
        self.waiting[topic] = payload
        self.awake.set()

    def end(self) -> None:
        """Close the stream."""
        self.ended = True
        self.awake.set()

    async def serve(self, send: Send) -> None:
        """Send what waits until the screen is closed or does not take it any more."""
        while not self.ended:
            try:
                async with asyncio.timeout(HEARTBEAT):
                    await self.awake.wait()
            except TimeoutError:
                payload = BEAT
            else:
                self.awake.clear()
                payload, self.waiting = b"".join(self.waiting.values()), {}
            if payload and not self.ended:
                async with asyncio.timeout(PATIENCE):
                    await send({"type": "http.response.body", "body": payload, "more_body": True})
