"""The browser's end of a stream, for tests of the live process."""

import asyncio
import json
from contextlib import asynccontextmanager

from asgiref.sync import sync_to_async
from django.db import connection

from dangol.core.live.application import Application


class Line:
    """The browser's end of one request."""

    def __init__(
        self,
        app,
        path="/live/stream",
        query="topic=counter:open",
        cookie="",
        origin="",
        stuck=False,
    ):
        headers = [(b"host", b"localhost:8001"), (b"cookie", cookie.encode())]
        headers += [(b"origin", origin.encode())] if origin else []
        self.scope = {"type": "http", "method": "GET", "path": path, "headers": headers,
                      "query_string": query.encode()}  # fmt: skip
        self.app, self.hung_up, self.stuck = app, asyncio.Event(), stuck
        self.start, self.got, self.more = None, "", asyncio.Event()

    async def receive(self):
        await self.hung_up.wait()
        return {"type": "http.disconnect"}

    async def send(self, told):
        if told["type"] == "http.response.start":
            self.start = told
            return
        if self.stuck and b"data" in told["body"]:
            await asyncio.sleep(3600)
        self.got += told.get("body", b"").decode()
        self.more.set()

    async def run(self):
        await self.app(self.scope, self.receive, self.send)

    async def until(self, state):
        async with asyncio.timeout(5):
            while json.dumps(state, separators=(",", ":")) not in self.got:
                self.more.clear()
                await self.more.wait()

    @property
    def states(self):
        lines = [x.removeprefix("data: ") for x in self.got.splitlines() if x.startswith("data: ")]
        return [json.loads(x) for x in lines if x != "{}"]


@asynccontextmanager
async def served():
    app = Application()
    app.running_hub()
    try:
        yield app
    finally:
        await app.running_hub().stop()
        await sync_to_async(lambda: connection.close())()


@asynccontextmanager
async def opened(line):
    task = asyncio.create_task(line.run())
    try:
        yield line
    finally:
        line.hung_up.set()
        await asyncio.wait_for(task, 5)
