"""minutes: working minutes between two instants, against the naive minute loop.

Both count the same minutes of a Korean site over a year (lunch, public holidays, exceptions); the
loop gets its calendar prepared as a set of days, as a careful programmer would write it.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from typing import Any
from zoneinfo import ZoneInfo

from dangol.places.working_time import Timetable, public_holidays

ZONE = "Asia/Seoul"
WEEK = {str(day): [["09:00", "12:00"], ["13:00", "18:00"]] for day in range(5)} | {
    "5": [["09:00", "13:00"]]
}
CLOSED = {dt.date(2026, 7, 30): [], dt.date(2026, 8, 1): [["10:00", "12:00"]]}
PAIRS, LOOPED = 200_000, 300


def naive(start: dt.datetime, end: dt.datetime, free: frozenset[dt.date]) -> int:
    """One minute at a time."""
    zone, count, at = ZoneInfo(ZONE), 0, start
    while at < end:
        local = at.astimezone(zone)
        day = local.date()
        spans = CLOSED.get(day)
        if spans is None:
            spans = [] if day in free else WEEK.get(str(day.weekday()), [])
        minute = local.hour * 60 + local.minute
        for opens, closes in spans:
            if int(opens[:2]) * 60 <= minute < int(closes[:2]) * 60:
                count += 1
        at += dt.timedelta(minutes=1)
    return count


def run() -> dict[str, Any]:
    """Microseconds for one question, on random pairs up to 20 days apart."""
    draw = random.Random(3)
    begin = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    pairs = []
    for _ in range(PAIRS):
        start = begin + dt.timedelta(minutes=draw.randrange(330 * 1440))
        pairs.append((start, start + dt.timedelta(minutes=draw.randrange(20 * 1440))))
    built = time.perf_counter()
    table = Timetable(
        WEEK, zone=ZONE, country="KR", exceptions=CLOSED,
        first=dt.date(2025, 12, 1), last=dt.date(2027, 1, 31),
    )  # fmt: skip
    built = time.perf_counter() - built
    free = public_holidays("KR", 2026) | public_holidays("KR", 2027)
    fast_s, slow_s = [], []
    for piece in range(3):  # in turns, so that both meet the same machine
        some = pairs[piece * LOOPED // 3 : (piece + 1) * LOOPED // 3]
        began = time.perf_counter()
        slow = [naive(a, b, free) for a, b in some]
        slow_s.append((time.perf_counter() - began) / len(some))
        began = time.perf_counter()
        for a, b in pairs:
            table.minutes_between(a, b)
        fast_s.append((time.perf_counter() - began) / PAIRS)
        assert [table.minutes_between(a, b) for a, b in some] == slow
    ours, peer = min(fast_s) * 1e6, min(slow_s) * 1e6
    due = time.perf_counter()
    for a, _b in pairs[:20_000]:
        table.after(a, 480)
    due = (time.perf_counter() - due) / 20_000 * 1e6
    return {
        "work": "working minutes between two instants",
        "data": f"a site's year with lunch, holidays, exceptions; {PAIRS:,} pairs to 20 days apart",
        "ours": round(ours, 2), "peer": round(peer, 1), "peer_name": "naive minute loop",
        "ratio": round(peer / ours), "unit": "µs", "limit": 0.5,
        "goal": "equal on every pair; 1,000 × the loop", "held": peer / ours >= 1000,
        "details": {
            "building_the_timetable_ms": round(built * 1000, 2),
            "instant_after_480_minutes_us": round(due, 2),
            "pairs_compared": LOOPED,
        },
    }  # fmt: skip
