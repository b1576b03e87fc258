"""Arithmetic that measures share: shares, means, and what an empty cell is."""

from __future__ import annotations

from typing import Any


def share(part: Any, whole: Any) -> float | None:
    """Per cent; None without a whole."""
    return None if not whole else 100 * float(part or 0) / float(whole)


def ratio(total: Any, count: Any) -> Any:
    """The mean; None without rows."""
    return None if not count else float(total or 0) / float(count)


def as_is(value: Any) -> Any:
    """The sum itself; nothing counted is nought."""
    return value or 0


def minutes_of(thousandths: Any) -> float | None:
    """Minutes from whole thousandths, so that sums are exact in any order."""
    return None if thousandths is None else float(thousandths) / 1000
