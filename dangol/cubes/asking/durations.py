"""Durations as people write and read them: 90, 1:30, 90분, 1시간 30분, 1 h 30 min."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from dangol.ui.templatetags.measures import figures

WORDS = {
    "s": 1, "sec": 1, "second": 1, "seconds": 1, "초": 1,
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60, "분": 60,
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600, "시간": 3600,
    "d": 86400, "day": 86400, "days": 86400, "일": 86400,
}  # fmt: skip
PIECE = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+|[가-힣]+)\s*")
CLOCK = re.compile(r"(\d+):([0-5]?\d)(?::([0-5]?\d))?")
PLAIN = re.compile(r"[-+]?\d+(?:\.\d+)?")


class NoDuration(ValueError):
    """A text that is no duration."""


def seconds_of(text: str, unit: int) -> float:
    """Seconds of a written duration; a number alone counts units (60: minutes), and so does what
    stands behind the last colon, except that 1:30:00 always ends in seconds."""
    told = text.strip().casefold().replace(",", "")
    if PLAIN.fullmatch(told):
        return float(told) * unit
    if clock := CLOCK.fullmatch(told):
        first, second, third = clock.groups()
        if third is not None:
            return int(first) * 3600 + int(second) * 60 + int(third)
        return (int(first) * 60 + int(second)) * unit
    total, at = 0.0, 0
    while at < len(told):
        piece = PIECE.match(told, at)
        if not piece or piece[2] not in WORDS:
            raise NoDuration(text)
        total += float(piece[1]) * WORDS[piece[2]]
        at = piece.end()
    if not told:
        raise NoDuration(text)
    return total


def spoken(seconds: float, unit: int) -> str:
    """A duration in words: hours and minutes; below an hour of minutes and seconds where they count."""
    if seconds < 0:
        return f"−{spoken(-seconds, unit)}"
    whole = round(seconds / unit) * unit
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    parts = []
    if hours:
        parts.append(_("%s h") % figures(hours, 0))
    if minutes or (not hours and unit == 60):
        parts.append(_("%d min") % minutes)
    if left or not parts:
        parts.append(_("%d s") % left)
    return " ".join(parts)
