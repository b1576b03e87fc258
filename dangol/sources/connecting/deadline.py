"""A line that is cut when its time is over: limits of drivers count anew with every byte."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from typing import Self

AGAIN = 0.2
"""Seconds after which it is looked again whether there is a line by now."""


class Cut:
    """While it is held, a watch over lines: after so many seconds in all, each is shut down."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.over, self.left = threading.Event(), threading.Event()
        self.lines: list[Callable[[], socket.socket | None]] = []
        self.own: list[socket.socket] = []
        self.watch = threading.Thread(target=self.wait, daemon=True)

    def __enter__(self) -> Self:
        self.watch.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self.left.set()
        self.watch.join()
        for line in self.own:
            line.close()

    def hold(self, number: int) -> None:
        """Watch over an open line by the number of its file, opened once more for that."""
        line = socket.socket(fileno=os.dup(number))
        self.own.append(line)
        self.lines.append(lambda: line)

    def follow(self, line: Callable[[], socket.socket | None]) -> None:
        """Watch over a line that is made meanwhile."""
        self.lines.append(line)

    def wait(self) -> None:
        """Shut every line down once the time is over, also those that come afterwards."""
        patience = self.seconds
        while not self.left.wait(patience):
            self.over.set()
            patience = AGAIN
            for find in list(self.lines):
                shut(find())


def shut(line: socket.socket | None) -> None:
    """End both directions; under TLS too, whose own farewell would wait for the other side."""
    try:
        if line is not None:
            socket.socket.shutdown(line, socket.SHUT_RDWR)
    except OSError:
        return  # the other side has closed it by now
