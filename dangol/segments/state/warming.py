"""Files that were mapped, brought within reach: else the first look at each page costs a fault, and
the first count of something never asked costs twice what the next one does."""

from __future__ import annotations

import logging
import mmap
import os
import threading
from collections.abc import Sequence

POPULATE_READ = 22
"""madvise(2), Linux 5.14: map the pages now, reading what is not in memory."""
PORTION = 2**23
"""Bytes at a time: others have their turn in between."""
MOST = 0.5
"""Share of the machine's memory that is mapped ahead."""

log = logging.getLogger(__name__)


def warm(maps: Sequence[mmap.mmap]) -> threading.Thread | None:
    """Map all pages of these files in a thread of its own; None where they are too much."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if sum(len(one) for one in maps) > MOST * memory:
        return None
    thread = threading.Thread(target=_populate, args=(maps,), name="segments-warm", daemon=True)
    thread.start()
    return thread


def _populate(maps: Sequence[mmap.mmap]) -> None:
    for one in maps:
        for start in range(0, len(one), PORTION):
            try:
                one.madvise(POPULATE_READ, start, min(PORTION, len(one) - start))
            except (OSError, ValueError) as failure:
                log.info("the system does not map pages ahead: %s", failure)
                return
