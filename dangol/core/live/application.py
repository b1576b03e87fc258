"""The ASGI side of the live process: GET /live/stream?topic=… and GET /live/health."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

from dangol.core.live.hub import Hub
from dangol.core.live.screens import Screen, Send
from dangol.core.live.visitors import origin_allowed, session_key

log = logging.getLogger(__name__)
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
MOST_TOPICS = 64


class Application:
    """Answers streams and health; holds the hub from start-up to shutdown."""

    def __init__(self) -> None:
        self.hub: Hub | None = None

    def running_hub(self) -> Hub:
        """The hub of this process, started with the first need."""
        if self.hub is None:
            self.hub = Hub()
        self.hub.start()
        return self.hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
        elif scope["type"] == "http":
            await self.answer(scope, receive, send)

    async def live(self, receive: Receive, send: Send) -> None:
        """Start and stop with the server."""
        while True:
            told = await receive()
            if told["type"] == "lifespan.startup":
                self.running_hub()
                await send({"type": "lifespan.startup.complete"})
            elif told["type"] == "lifespan.shutdown":
                await self.running_hub().stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        hub = self.running_hub()
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        origin = headers.get("origin", "")
        if not origin_allowed(origin, headers.get("host", "")):
            await plain(send, 403, {"title": "This origin may not listen."})
        elif scope["path"] == "/live/health":
            ok = hub.listener.listening
            told = {"ok": ok, "screens": len(hub.screens)}
            await plain(send, 200 if ok else 503, told, origin)
        elif scope["path"] not in ("/live/", "/live/stream"):
            await plain(send, 404, {"title": "Not found."}, origin)
        elif scope["method"] != "GET":
            await plain(send, 405, {"title": "Only GET."}, origin)
        else:
            query = parse_qs(scope["query_string"].decode("latin-1"))
            asked = frozenset(query.get("topic", []))
            screen, refused = await admitted(hub, asked, headers.get("cookie", ""))
            if screen:
                await stream(hub, screen, receive, send, origin)
            else:
                await plain(send, *refused, origin)


async def admitted(
    hub: Hub, asked: frozenset[str], cookies: str
) -> tuple[Screen | None, tuple[int, dict[str, Any]]]:
    """A screen for the topics that the visitor may hear; otherwise the refusal."""
    if not asked or len(asked) > MOST_TOPICS:
        return None, (400, {"title": "Ask for 1 to 64 topics."})
    session = session_key(cookies)
    (topics,) = await hub.ask([(session, asked)])
    if topics is None:
        return None, (401, {"title": "Sign in first."})
    if not topics:
        return None, (404, {"title": "There is no such topic."})
    return Screen(session, topics), (200, {})


async def stream(hub: Hub, screen: Screen, receive: Receive, send: Send, origin: str) -> None:
    """Feed one screen until either side ends it."""
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"text/event-stream; charset=utf-8"),
                (b"cache-control", b"no-store"),
                (b"x-accel-buffering", b"no"),
                *shared_with(origin),
            ],
        }
    )
    await send({"type": "http.response.body", "body": b"retry: 2000\n\n", "more_body": True})
    hub.join(screen)
    feeding = asyncio.create_task(screen.serve(send))
    leaving = asyncio.create_task(gone(receive))
    try:
        await asyncio.wait([feeding, leaving], return_when=asyncio.FIRST_COMPLETED)
        if feeding.done() and not feeding.cancelled() and (error := feeding.exception()):
            log.info("a screen was let go: %r", error)
    finally:
        hub.leave(screen)
        for task in (feeding, leaving):
            task.cancel()
        await asyncio.gather(feeding, leaving, return_exceptions=True)
    if screen.ended:
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def gone(receive: Receive) -> None:
    """Until the other end hangs up."""
    while (await receive())["type"] != "http.disconnect":
        pass


def shared_with(origin: str) -> list[tuple[bytes, bytes]]:
    """Headers that let the pages of another port read the answer with their session."""
    if not origin:
        return []
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
    ]


async def plain(send: Send, status: int, body: dict[str, Any], origin: str = "") -> None:
    """A short JSON answer."""
    headers = [(b"content-type", b"application/json"), *shared_with(origin)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})


application = Application()
