"""JSON that a database can keep: no NUL, no half of a character pair, no NaN, not too deep."""

from __future__ import annotations

import json
from typing import Any, NoReturn

DEEPEST = 30


def read_json(body: bytes) -> Any:
    """What was sent, or ValueError before any action has begun."""
    try:
        sent = json.loads(body.decode("utf-8"), parse_constant=refuse)
        check(sent)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return sent


def refuse(name: str) -> NoReturn:
    """JSON has no NaN and no infinity, though Python reads them."""
    raise ValueError(f"{name} is not JSON")


def storable(text: str) -> bool:
    """Whether PostgreSQL can keep this text."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def check(value: Any, depth: int = 0, place: str = "") -> None:
    """Look at every text and number inside; what is refused is named by its place."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        if not storable(value):
            raise ValueError(f"{place}: a text holds NUL or half of a character pair".lstrip(": "))
    elif isinstance(value, dict):
        for key, inner in value.items():
            check(key, depth + 1, place)
            check(inner, depth + 1, f"{place}.{key}".lstrip("."))
    elif isinstance(value, list):
        for n, inner in enumerate(value):
            check(inner, depth + 1, f"{place}[{n}]")
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise ValueError(f"{place}: a number is too large".lstrip(": "))
