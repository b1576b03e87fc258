"""Which versions are kept, and for how long; what no kept version names is removed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from dangol.warehouse import manifest
from dangol.warehouse.manifest import Damaged, Manifest, NoLake, root

ALL_FOR = dt.timedelta(hours=1)
HOURLY_FOR = dt.timedelta(days=1)
DAILY_FOR = dt.timedelta(days=30)


def kept(versions: Iterable[tuple[int, dt.datetime]], now: dt.datetime) -> set[int]:
    """All versions of the last hour, one of each hour for a day, one of each day for a month.

    The newest is always kept; one from the future (a clock jumped back) counts as of now.
    """
    ordered = sorted(versions, reverse=True)
    chosen: dict[str, int] = {}
    for number, read_at in ordered:
        age = now - read_at
        if age <= ALL_FOR:
            chosen[f"v{number}"] = number
        elif age <= HOURLY_FOR:
            chosen.setdefault(f"{read_at:%Y-%m-%d %H}", number)
        elif age <= DAILY_FOR:
            chosen.setdefault(f"{read_at:%Y-%m-%d}", number)
    return set(chosen.values()) | {number for number, _at in ordered[:1]}


def readable() -> list[Manifest]:
    """Every version that is whole, oldest first."""
    found = []
    for number in manifest.versions():
        try:
            found.append(manifest.load(number))
        except (NoLake, Damaged):
            continue
    return found


def sweep(now: dt.datetime) -> int:
    """Forget versions that are no longer kept and files that no version names; bytes set free.

    Only while nobody else works on the lake: a file that is not yet named looks like one that is
    named no more.
    """
    made = readable()
    staying = kept([(m.version, m.read_at) for m in made], now)
    for number in manifest.versions():
        if number not in staying:
            manifest.path_of(number).unlink(missing_ok=True)
    named = {f.path for m in made if m.version in staying for f in m.files()}
    freed = 0
    for path in stored():
        if f"{path.parent.name}/{path.name}" not in named:
            freed += path.stat().st_size
            path.unlink(missing_ok=True)
    return freed


def stored() -> list[Path]:
    """Every data file that lies in the lake, half-written ones too."""
    return [path for path in root().glob("*/*") if path.name.endswith(".parquet")]
