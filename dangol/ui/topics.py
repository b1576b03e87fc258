"""Live topic of the style guide: invented figures, so that live parts are seen there too."""

from collections.abc import Collection, Mapping
from typing import Any

from dangol.core.live.topics import register
from dangol.core.models import User


def may_listen(user: User, key: str) -> bool:
    """Everybody; there is nothing in it."""
    return key == "sample"


def snapshot(keys: Collection[str]) -> Mapping[str, dict[str, Any]]:
    """The figures that the guide shows."""
    return dict.fromkeys(keys, {"index": 77.4, "calls": {"now": 12}})


register("style", may_listen, snapshot)
