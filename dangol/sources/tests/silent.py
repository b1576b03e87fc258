"""A server that stops answering in the middle: a line to a real one on which nothing more comes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Line:
    """A port that leads to a server's socket until somebody says `hang`."""

    port: int = 0
    hang: threading.Event = field(default_factory=threading.Event)


@contextmanager
def line_to(path: str) -> Iterator[Line]:
    """A TCP port in front of a Unix socket."""
    line, over = Line(), threading.Event()
    open_ones: list[socket.socket] = []

    def carry(one: socket.socket, other: socket.socket, back: bool) -> None:
        try:
            while data := one.recv(65_536):
                if back and line.hang.is_set():
                    over.wait(60)
                    return
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)
        except OSError:
            return  # the test is over, or the other side has gone

    def accept(listener: socket.socket) -> None:
        while True:
            try:
                near = listener.accept()[0]
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX)
            far.connect(path)
            open_ones.extend((near, far))
            for pair in ((near, far, False), (far, near, True)):
                threading.Thread(target=carry, args=pair, daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        line.port = listener.getsockname()[1]
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        try:
            yield line
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)
            for one in open_ones:
                one.close()
