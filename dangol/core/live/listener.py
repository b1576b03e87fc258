"""Hears what transactions announce, through one connection that comes back by itself."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection

from dangol.core.live import CHANNEL

log = logging.getLogger(__name__)
IDLE = 10.0
"""Seconds of silence after which the line is tried."""


class Listener:
    """Calls `heard(topic, data)` for each announcement, and `again()` whenever some may be missed."""

    def __init__(
        self, heard: Callable[[str, dict[str, Any]], None], again: Callable[[], None]
    ) -> None:
        self.heard, self.again = heard, again
        self.listening = False

    async def run(self) -> None:
        """Listen until cancelled; a lost server is asked again after a quarter second, then slower."""
        wait = 0.25
        while True:
            try:
                await self.listen()
                wait = 0.25
            except (psycopg.Error, OSError) as error:
                if self.listening:
                    wait = 0.25
                log.warning("the announcements' connection is lost: %s", error)
            self.listening = False
            await asyncio.sleep(wait)
            wait = min(5.0, wait * 2)

    async def listen(self) -> None:
        """One connection's life."""
        keep = ("host", "port", "user", "password", "dbname", "sslmode", "sslrootcert")
        given = connection.get_connection_params()
        line = await psycopg.AsyncConnection.connect(
            **{k: v for k, v in given.items() if k in keep},
            autocommit=True,
            connect_timeout=5,
            application_name="dangol live",
        )
        async with line:
            await line.execute(f"LISTEN {CHANNEL}")
            self.listening = True
            # Only now: from here on nothing is missed, so what is read after this is complete.
            self.again()
            while True:
                async for notice in line.notifies(timeout=IDLE):
                    self.take(notice.payload)
                async with asyncio.timeout(IDLE):
                    await line.execute("SELECT 1")

    def take(self, payload: str) -> None:
        """One announcement; one that cannot be read is as if some had been missed."""
        try:
            said = json.loads(payload)
            topic, data = said["topic"], said.get("data") or {}
        except (ValueError, KeyError, TypeError):
            log.exception("an announcement cannot be read")
            self.again()
        else:
            self.heard(topic, data)
