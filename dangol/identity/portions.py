"""Portions of long work under the turn of who is who: each is kept short by what the last one took, and
lets go before the next, so that whoever merges or undoes by hand comes in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from dangol.core.anew import anew
from dangol.identity.models import WHO_IS_WHO

SHORT = 0.5
"""Seconds that a portion takes, about: who merges or undoes by hand waits for it."""
BEGIN, GROW = 10, 2
"""The first portion is this part of the largest; the next is at most so many times the last."""
clock = time.monotonic


class Pace:
    """How many of something make a portion: never more than `most`."""

    def __init__(self, most: int) -> None:
        self.most, self.limit = most, max(1, most // BEGIN)
        self.began = clock()

    def begins(self) -> None:
        """The portion has its turn: what it waited for others is not its own time."""
        self.began = clock()

    def ended(self, many: int) -> None:
        """So many were done and written: the next portion fits into the time."""
        fits = as_many_as_fit((clock() - self.began) / many, self.most)
        self.limit = min(fits, self.limit * GROW)


def as_many_as_fit(seconds: float, most: int) -> int:
    """How many make a portion, where one takes so long."""
    return max(1, min(most, int(SHORT / max(seconds, 0.0001))))


def in_portions[Item, Result](
    items: Sequence[Item], most: int, deed: Callable[[Sequence[Item]], Result]
) -> Iterator[tuple[int, Result]]:
    """Do a deed for all of these under the turn, each portion a transaction by itself; how many are
    done, and what each portion gave."""
    pace, done = Pace(most), 0

    @anew(WHO_IS_WHO)
    def portion(some: Sequence[Item]) -> Result:
        pace.begins()
        return deed(some)

    while done < len(items):
        some = items[done : done + pace.limit]
        result = portion(some)
        pace.ended(len(some))
        done += len(some)
        yield done, result
