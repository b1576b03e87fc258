"""The cubes' recurring work."""

from __future__ import annotations

import time

from dangol.core.jobs import task
from dangol.cubes.catalogue import SUBJECTS
from dangol.cubes.keeping import all_kept, brought_up
from dangol.warehouse.engine import lake
from dangol.warehouse.manifest import Damaged, NoLake


@task(name="cubes.keep_sums", queueing_lock="cubes.keep_sums")
def keep_sums(timestamp: int = 0) -> str:
    """Every half minute: the sums kept beside the lake follow its newest version."""
    try:
        seen = lake()
    except (NoLake, Damaged):
        return "no lake yet"  # the copy comes first, or makes a damaged file anew
    now = time.time()
    for subject in SUBJECTS.values():
        for kept in all_kept(subject):
            brought_up(kept, seen, build=True)
            kept.sweep(now)
    return f"version {seen.version}"
