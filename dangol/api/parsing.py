"""Bodies as JSON that a database can keep."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from dangol.core.sent_json import read_json


class StrictParser(Parser):
    """Refuses with 400 what could not be stored, before any action has begun."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body, or ValueError, which becomes a problem."""
        return read_json(request.body)
