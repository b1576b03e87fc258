"""The rows that a run which asks would mark as gone, before anybody says that it is right."""

from __future__ import annotations

from dataclasses import dataclass

from dangol.core.masking import shown_name
from dangol.customers.records.models import SourceRecord
from dangol.sources.entities import of_customers
from dangol.sources.models import KnownRow, LandedRow, Run
from dangol.sources.running.arranging import Arranger

SHOWN = 20
STEP = 5_000
MOST = 100_000
"""Larger runs say the number alone: a page has no time to look at each row."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """How many rows would be marked as gone, and the first of them."""

    count: int
    rows: list[tuple[str, str]]
    """(key, name as the person may see it)"""

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


def leaving(run: Run) -> Leaving | None:
    """What would go if this run were allowed; None where it marks nothing as gone."""
    if not run.full or run.state != "asks" or "key" not in run.source.mapping:
        return None
    return would_leave(run, SHOWN)


def would_leave(run: Run, shown: int) -> Leaving:
    """How many known rows did not come with a run, and the first of them."""
    known = KnownRow.objects.filter(source_id=run.source_id, gone_at=None)
    if run.rows > MOST:
        return Leaving(max(0, known.count() - run.rows), [])
    there = landed_keys(run)
    count = 0
    first: list[str] = []
    for key in known.order_by("key").values_list("key", flat=True).iterator(chunk_size=STEP):
        if key not in there:
            count += 1
            if len(first) < shown:
                first.append(key)
    names = names_of(run, first)
    return Leaving(count, [(key, names.get(key, "")) for key in first])


def landed_keys(run: Run) -> set[str]:
    """The keys of all rows that were read; a row that cannot be arranged is still there."""
    arranger = Arranger({"key": run.source.mapping["key"]}, run.names)
    rows = LandedRow.objects.filter(run_id=run.pk)
    cells = rows.values_list("cells", flat=True).iterator(chunk_size=STEP)
    return {arranger.arrange(0, row).cells.get("key", "").strip()[:200] for row in cells}


def names_of(run: Run, keys: list[str]) -> dict[str, str]:
    """The names of customers' records, as the person may see them."""
    if not of_customers(run.source.entity):
        return {}
    found = SourceRecord.objects.filter(source=run.source.system, key__in=keys)
    return {one.key: shown_name(str(one.values.get("name") or "")) for one in found}
