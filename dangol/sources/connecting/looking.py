"""A look at another system that somebody waits for at a page: over in time, and few at once, so
that slow systems never hold every thread that serves pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any

from django.db import connections
from django.utils.translation import gettext_noop

from dangol.sources.connecting.contract import Connector, Unreachable

AT_ONCE = 2
"""Looks of one process at the same time."""
SECONDS = {"folder": 30.0}
"""How long a look may take in all; a workbook is unpacked for it."""
USUAL = 10.0
FORGOTTEN = 120.0
"""Seconds after which a look that a driver never gives back counts no more."""
BUSY = gettext_noop(
    "Other systems are being asked right now. Try again in a few seconds; nothing was changed."
)
SLOW = gettext_noop(
    "There was no answer within %(seconds)s seconds. See whether the address is right and the system"
    " is not busy, then try again."
)
under_way: dict[object, float] = {}
turns = threading.Lock()


def looked[T](
    open_one: Callable[[], Connector], connection: str, work: Callable[[Connector], T]
) -> T:
    """What a look found; Unreachable when it takes too long or others are under way."""
    seconds, ticket = SECONDS.get(connection, USUAL), object()
    take_turn(ticket)
    answer: Future[T] = Future()
    said = (ticket, answer, open_one, work)
    threading.Thread(target=carry, args=said, daemon=True, name="look").start()
    if not wait([answer], seconds).done:
        raise Unreachable(SLOW, seconds=round(seconds))
    return answer.result()


def take_turn(ticket: object) -> None:
    """One of the few looks; Unreachable when all are under way."""
    now = time.monotonic()
    with turns:
        if sum(now - begun < FORGOTTEN for begun in under_way.values()) >= AT_ONCE:
            raise Unreachable(BUSY)
        under_way[ticket] = now


def carry(
    ticket: object, answer: Future[Any], open_one: Callable[[], Connector],
    work: Callable[[Connector], Any],
) -> None:  # fmt: skip
    """The look itself, beside the thread that serves the page; that one gets what it raises."""
    found, failure = None, None
    try:
        opened = open_one()
        try:
            found = work(opened)
        finally:
            opened.close()
    except BaseException as raised:  # noqa: BLE001 - raised again by who waits
        failure = raised
    connections.close_all()
    with turns:
        under_way.pop(ticket, None)
    if failure is None:
        answer.set_result(found)
    else:
        answer.set_exception(failure)
