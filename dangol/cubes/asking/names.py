"""Names that people give: whatever nobody could read is no name."""

from __future__ import annotations

from dangol.customers.hangul import tidy

UNSEEN = " \u115f\u1160\u2800\u3164\uffa0"
"""Letters of scripts that show nothing: fillers of Hangul, the empty Braille sign."""


def readable(text: str) -> str:
    """The name without control characters and blanks at its ends; empty where nothing is left."""
    found = tidy(text)
    return found if found.strip(UNSEEN) else ""
