"""Bodies as JSON that a database can keep: no NUL, no half of a character pair, no NaN."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

DEEPEST = 30


class StrictParser(Parser):
    """Refuses with 400 what could not be stored, before any action has begun."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body, or ValueError, which becomes a problem."""
        try:
            body = json.loads(request.body.decode("utf-8"), parse_constant=refuse)
            check(body)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        return body


def refuse(name: str) -> NoReturn:
    """JSON has no NaN and no infinity, though Python reads them."""
    raise ValueError(f"{name} is not JSON")


def storable(text: str) -> bool:
    """Whether PostgreSQL can keep this text."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def check(value: Any, depth: int = 0) -> None:
    """Look at every text and number inside."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        if not storable(value):
            raise ValueError("a text holds NUL or half of a character pair")
    elif isinstance(value, dict):
        for key, inner in value.items():
            check(key, depth + 1)
            check(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            check(inner, depth + 1)
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
