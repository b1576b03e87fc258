"""A deed that lost a race for its rows is done again from the beginning."""

from __future__ import annotations

import functools
import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import IntegrityError, OperationalError, connection, transaction

from dangol.core.alone import in_turn

log = logging.getLogger(__name__)
LOST = {"40P01", "40001", "55P03", "23503"}
"""PostgreSQL's codes: a deadlock, a change in between, a lock that did not come, a row that went."""
TRIES = 8
PATIENCE = "400ms"
"""Shorter than the second after which PostgreSQL ends one of two who wait for each other."""


WITHIN: ContextVar[bool] = ContextVar("within", default=False)
"""Whether a deed that can be done again is under way: a deed within it leaves that to it, for only the
outermost lets go of all its locks."""


def anew[**P, T](turn: str = "") -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Do a deed in a transaction, and again where somebody else's change came in between.

    The deed reads under its own locks whatever it decides by, for it may run more than once. With a
    `turn` it waits until nobody else does work of this name, and then gives way: it never keeps a
    row that a writer waits for while it waits for the writer. After eight tries the error is raised.
    """

    def decorate(deed: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(deed)
        def done(*args: P.args, **kwargs: P.kwargs) -> T:
            for left in reversed(range(1 if WITHIN.get() else TRIES)):
                try:
                    with within(), transaction.atomic():
                        if not turn:
                            return deed(*args, **kwargs)
                        in_turn(turn)
                        before = wait_for_locks(PATIENCE)
                        result = deed(*args, **kwargs)
                        wait_for_locks(before)
                        return result
                except (OperationalError, IntegrityError) as lost:
                    if not left or not lost_a_race(lost):
                        raise
                    log.info("%s begins anew: %s", deed.__qualname__, lost)
                time.sleep(random.uniform(0.02, 0.15))
            raise AssertionError("unreachable")

        return done

    return decorate


@contextmanager
def within() -> Iterator[None]:
    """What is called from here is part of a deed that can be done again."""
    token = WITHIN.set(True)
    try:
        yield
    finally:
        WITHIN.reset(token)


def lost_a_race(error: BaseException | None) -> bool:
    """Whether the database refused because of what somebody else did at the same moment."""
    return getattr(getattr(error, "__cause__", None), "sqlstate", "") in LOST


def wait_for_locks(patience: str) -> str:
    """How long this transaction waits for a row from now on; what it was before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH so_far AS MATERIALIZED (SELECT current_setting('lock_timeout') AS told)"
            " SELECT told, set_config('lock_timeout', %s, true) FROM so_far",
            [patience],
        )
        return str(cursor.fetchone()[0])
