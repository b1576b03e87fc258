"""The rows that a run which asks would mark as gone, before anybody says that it is right."""

from __future__ import annotations

from dataclasses import dataclass

from dangol.core.masking import shown_name
from dangol.customers.records.models import SourceRecord
from dangol.imports.staging import rows_of
from dangol.sources.entities import of_customers
from dangol.sources.models import Run

SHOWN = 20
# EXCEPT is hashed whatever the statistics of rows that have just been copied say.
LEFT = """
SELECT key, count(*) OVER () FROM (
    SELECT key FROM sources_knownrow WHERE source_id = %(source)s AND gone_at IS NULL
    EXCEPT SELECT key FROM sources_landedrow WHERE run_id = %(run)s
) missing ORDER BY key LIMIT %(shown)s
"""


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
    if not run.full or run.state != "asks" or run.asked.get("why") == "column_gone":
        return None  # under a column that is gone nothing was read yet
    return would_leave(run, SHOWN)


def would_leave(run: Run, shown: int) -> Leaving:
    """How many known rows did not come with a run, and the first of them."""
    facts = {"source": run.source_id, "run": run.pk, "shown": max(shown, 1)}
    found = rows_of(LEFT, facts)
    first = [key for key, _count in found[:shown]]
    names = names_of(run, first)
    return Leaving(found[0][1] if found else 0, [(key, names.get(key, "")) for key in first])


def names_of(run: Run, keys: list[str]) -> dict[str, str]:
    """The names of customers' records, as the person may see them."""
    if not of_customers(run.source.entity):
        return {}
    found = SourceRecord.objects.filter(source=run.source.system, key__in=keys)
    return {one.key: shown_name(str(one.values.get("name") or "")) for one in found}
