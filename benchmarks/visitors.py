"""Threads that open pages as browsers do, over kept connections, and note how long each took."""

from __future__ import annotations

import http.client
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

Ask = Callable[[random.Random], tuple[str, str, str]]
"""Draws (kind of page, address, session)."""


@dataclass
class Visit:
    """What was measured: milliseconds by kind of page, and the seconds it all took."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[float]:
        """Every page together."""
        return [ms for kind in self.taken.values() for ms in kind]

    @property
    def rate(self) -> float:
        """Pages a second."""
        return len(self.all) / self.seconds


def quantile(values: list[float], share: float) -> float:
    """The value below which the share lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


def visit(port: int, ask: Ask, *, threads: int, seconds: float) -> Visit:
    """Open pages without pause for some seconds."""
    result, lock = Visit(), threading.Lock()
    end = time.perf_counter() + seconds

    def work(number: int) -> None:
        draw = random.Random(number)
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while time.perf_counter() < end:
            kind, address, session = ask(draw)
            began = time.perf_counter()
            line.request("GET", address, headers={"Cookie": f"sessionid={session}"})
            answer = line.getresponse()
            answer.read()
            spent = 1000 * (time.perf_counter() - began)
            with lock:
                result.taken[kind].append(spent)
                if answer.status != 200:
                    result.broken.append(f"{answer.status} {address}")
        line.close()

    began = time.perf_counter()
    crowd = [threading.Thread(target=work, args=(n,)) for n in range(threads)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    result.seconds = time.perf_counter() - began
    return result


def body(port: int, address: str, session: str) -> str:
    """One page as text."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    line.request("GET", address, headers={"Cookie": f"sessionid={session}"})
    answer = line.getresponse()
    text = answer.read().decode()
    assert answer.status == 200, (answer.status, address)
    return text
