"""Ways to reach other systems; each obeys the same contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dangol.sources.connecting.contract import (
    Ask,
    Connector,
    Listing,
    NotYet,
    Piece,
    Trouble,
    Unreachable,
    Unusable,
    WrongSetting,
)
from dangol.sources.connecting.database import Database
from dangol.sources.connecting.folder import Folder
from dangol.sources.connecting.looking import USUAL, looked
from dangol.sources.connecting.patience import LOOK
from dangol.sources.connecting.reach import check_reach
from dangol.sources.connecting.rest import RUN, Endpoint


def connector(
    connection: str, said: dict[str, Any], hidden: str, *, at_a_page: bool = False
) -> Connector:
    """The connector of a kind of connection, opened; WrongSetting names what cannot be right. At a
    page somebody waits: every answer has less time."""
    check_reach(connection, said, hidden)
    match connection:
        case "folder":
            return Folder(said, at_a_page=at_a_page)
        case "rest":
            return Endpoint(said, hidden, USUAL if at_a_page else RUN)
        case _:
            return Database(connection, said, hidden, round(USUAL) if at_a_page else LOOK)


def look[T](
    connection: str, said: dict[str, Any], hidden: str, work: Callable[[Connector], T]
) -> T:
    """What somebody at a page wants to know of a system, in time or not at all."""
    return looked(lambda: connector(connection, said, hidden, at_a_page=True), connection, work)


__all__ = [
    "Ask", "Connector", "NotYet", "Piece", "Listing", "Trouble", "Unreachable", "Unusable",
    "WrongSetting", "connector", "look",
]  # fmt: skip
