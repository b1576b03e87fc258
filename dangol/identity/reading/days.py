"""Dates of birth as eight digits."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache


@lru_cache(maxsize=100_000)
def read_birth(text: str, this_year: int) -> str:
    """1981-04-02, 1981.4.2, 19810402 or 810402 → 19810402; "" for no day that somebody was born on.

    Two digits of a year mean the last century when they lie in the future.
    """
    parts = re.findall(r"\d+", text)
    if len(parts) == 3:
        year, month, day = parts
    elif len(parts) == 1 and len(parts[0]) in (6, 8):
        cut = len(parts[0]) - 4
        year, month, day = parts[0][:cut], parts[0][cut : cut + 2], parts[0][cut + 2 :]
    else:
        return ""
    number = int(year)
    if len(year) == 2:
        number += 2000 if number <= this_year % 100 else 1900
    try:
        born = date(number, int(month), int(day))
    except ValueError:
        return ""
    if not 1901 <= born.year <= this_year:
        return ""
    return f"{born:%Y%m%d}"
