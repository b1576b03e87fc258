"""Ways to reach other systems; each obeys the same contract."""

from __future__ import annotations

from typing import Any

from dangol.sources.connecting.contract import (
    Ask,
    Connector,
    NotYet,
    Piece,
    Place,
    Trouble,
    Unreachable,
    Unusable,
    WrongSetting,
)
from dangol.sources.connecting.database import Database
from dangol.sources.connecting.folder import Folder
from dangol.sources.connecting.reach import check_reach
from dangol.sources.connecting.rest import Endpoint


def connector(connection: str, said: dict[str, Any], hidden: str) -> Connector:
    """The connector of a kind of connection, opened; WrongSetting names what cannot be right."""
    check_reach(connection, said, hidden)
    match connection:
        case "folder":
            return Folder(said)
        case "rest":
            return Endpoint(said, hidden)
        case _:
            return Database(connection, said, hidden)


__all__ = [
    "Ask", "Connector", "NotYet", "Piece", "Place", "Trouble", "Unreachable", "Unusable",
    "WrongSetting", "connector",
]  # fmt: skip
