"""What a merge was when it was done: the undoing of another one makes it anew, and this stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dangol.customers.models import Customer
from dangol.identity.models import Merge

THEN = "then"
"""Beside the survivor's fields of before: what was so before the merge was made anew."""
RECORDS = "customers_sourcerecord"
Counts = dict[str, int]
"""How many rows moved, by table."""


@dataclass(frozen=True, slots=True)
class Done:
    """Whom a merge made one, and what it moved, on the day it was done."""

    survivor: dict[str, Any]
    """Fields of the customer who stayed, as they were before."""
    merged: dict[str, Any]
    """Fields of the customer who was taken in."""
    moved: Counts
    records: list[str]
    """Keys of the records that came."""

    @property
    def name(self) -> str:
        """What the customer who stayed was called."""
        return str(self.survivor.get("name") or "")


def done_by(merge: Merge) -> Done:
    """What a merge did when it was done, whatever was undone since."""
    then = merge.before.get(THEN)
    return Done(**then) if then else present_of(merge)


def present_of(merge: Merge) -> Done:
    """What a merge holds now: what undoing it would give back."""
    survivor = {key: value for key, value in merge.before.items() if key != THEN}
    return Done(survivor, _merged(merge), _counts(merge), _records(merge))


def remember(merge: Merge) -> None:
    """Keep what a merge did before it is made anew; what is kept already stays."""
    if THEN in merge.before:
        return
    now = present_of(merge)
    merge.before[THEN] = {
        "survivor": now.survivor, "merged": now.merged, "moved": now.moved, "records": now.records,
    }  # fmt: skip


def _merged(merge: Merge) -> dict[str, Any]:
    label = Customer._meta.label_lower
    fields = next((dict(row["fields"]) for row in merge.kept if row["model"] == label), {})
    if "home_place" in fields:
        fields["home_place_id"] = fields.pop("home_place")
    return {key: fields.get(key) for key in ("name", "born_on", "home_place_id")}


def _counts(merge: Merge) -> Counts:
    found: Counts = {}
    for table, _column, keys in merge.rows:
        found[table] = found.get(table, 0) + len(keys)
    return found


def _records(merge: Merge) -> list[str]:
    return [key for table, _column, keys in merge.rows if table == RECORDS for key in keys]
