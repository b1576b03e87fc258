"""What is written about events is what the code sends and hears."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dangol.core.events import LISTENERS, DomainEvent

ROOT = Path(__file__).resolve().parents[2]
TABLE = [line for line in (ROOT / "ARCHITECTURE.md").read_text("utf-8").splitlines() if "|" in line]


def sent() -> Iterator[str]:
    """The names of all events of the product."""
    waiting = list(DomainEvent.__subclasses__())
    while waiting:
        event = waiting.pop()
        waiting += event.__subclasses__()
        if event.__module__.startswith("dangol."):
            yield event.name()


@pytest.mark.parametrize("name", sorted(sent()))
def test_an_app_says_what_it_sends(name):
    app, event = name.split(".")
    told = (ROOT / "dangol" / app / "README.md").read_text("utf-8")
    assert re.search(rf"\b{event}\b", told), f"dangol/{app}/README.md does not name {event}"


def test_nobody_waits_for_what_is_never_sent():
    assert set(LISTENERS) <= set(sent())


@pytest.mark.parametrize("name", sorted(LISTENERS))
def test_the_architecture_says_who_hears_what(name):
    rows = [line.split("|") for line in TABLE if f"`{name}`" in line.split("|")[1]]
    assert rows, f"ARCHITECTURE.md has no row for {name}"
    hearers = {listener.__module__.split(".")[1] for listener in LISTENERS[name]}
    missing = {app for app in hearers if not any(app in row[3] for row in rows)}
    assert not missing, f"ARCHITECTURE.md does not say that {missing} hear {name}"
