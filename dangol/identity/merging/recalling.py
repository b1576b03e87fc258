"""What each of those who became one had said of a yes or no, told from what merges and the trail kept."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dangol.core.models import AuditEntry
from dangol.customers.attributes.queries import PREFIX
from dangol.customers.models import Attribute, AttributeValue
from dangol.identity.merging.consents import together
from dangol.identity.models import Merge

Flag = bool | None
Said = dict[uuid.UUID, Flag]
Words = Mapping[uuid.UUID, Sequence[AuditEntry]]
STRICT = {False: 0, None: 1, True: 2}


@dataclass(frozen=True, slots=True)
class Recalled:
    """What one customer says now, had it been a consent from the first merge on; and what both sides of
    each merge said before it."""

    now: Flag
    merges: list[tuple[Merge, list[Flag]]]

    @property
    def widened(self) -> bool:
        """Whether a merge by the rule of other attributes kept more than both had said."""
        return any(
            together(mine, theirs) is not (theirs if mine is None else mine)
            for _merge, (mine, theirs) in self.merges
        )


def recall(
    row: AttributeValue, attribute: Attribute, merges: Sequence[Merge], words: Words
) -> Recalled:
    """Go back from what stands now to what each had said, and forward again by the rule of consents.

    What was said since a merge was said of the one customer, and counts.
    """
    steps = _steps(attribute, merges, words, row.customer_id)
    field = PREFIX + attribute.key
    said: Said = {row.customer_id: row.flag}
    rows: dict[uuid.UUID, str | None] = {row.customer_id: str(row.pk)}
    for step in reversed(steps):
        if isinstance(step, Merge):
            _back(step, attribute, said, rows)
        else:
            said[step.subject_id] = step.changes[field][0]
    told = []
    for step in steps:
        if isinstance(step, Merge):
            both = [said.get(step.survivor_key), said.get(step.merged_key)]
            both = _narrower(both, (step.consents or {}).get(attribute.key))
            told.append((step, both))
            said[step.survivor_key] = together(*both)
        else:
            said[step.subject_id] = step.changes[field][1]
    return Recalled(said.get(row.customer_id), told)


def _steps(
    attribute: Attribute, merges: Sequence[Merge], words: Words, holder: uuid.UUID
) -> list[Merge | AuditEntry]:
    """Merges and words since the first of them, in the order in which they came."""
    keys = {holder, *(key for m in merges for key in (m.survivor_key, m.merged_key))}
    since = min(merge.created_at for merge in merges)
    said = [w for key in keys for w in words.get(key, ()) if w.created_at > since]
    return sorted([*merges, *said], key=lambda step: (step.created_at, step.pk))


def _back(
    merge: Merge, attribute: Attribute, said: Said, rows: dict[uuid.UUID, str | None]
) -> None:
    """Undo one merge in mind: what either said before, and in which row."""
    key, after = rows.get(merge.survivor_key), said.get(merge.survivor_key)
    double = _double(merge, attribute)
    if (known := (merge.consents or {}).get(attribute.key)) is not None:
        mine, theirs = known
    elif double:
        mine, theirs = after, double["fields"]["flag"]
    elif key in _moved(merge):
        mine, theirs = None, after
    else:
        mine, theirs = after, None
    if double:
        rows[merge.merged_key] = str(double["pk"])
    elif key in _moved(merge):
        rows[merge.survivor_key], rows[merge.merged_key] = None, key
    said[merge.survivor_key], said[merge.merged_key] = mine, theirs


def _double(merge: Merge, attribute: Attribute) -> dict[str, Any] | None:
    """The other one's value, where both had one."""
    label, key = AttributeValue._meta.label_lower, str(attribute.pk)
    for row in merge.kept:
        fields = row["fields"]
        if row["model"] == label and (fields["attribute"], fields["customer"]) == (
            key,
            str(merge.merged_key),
        ):
            return dict(row)
    return None


def _moved(merge: Merge) -> set[str]:
    """Keys of the values that came with the other one."""
    table = AttributeValue._meta.db_table
    return {key for name, _column, keys in merge.rows if name == table for key in keys}


def _narrower(both: list[Flag], known: list[Flag] | None) -> list[Flag]:
    """Of what is recalled and what the merge had written down, the stricter."""
    if known is None:
        return both
    return [min(a, b, key=lambda flag: STRICT[flag]) for a, b in zip(both, known, strict=True)]
