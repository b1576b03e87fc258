"""What happens to who is who. Nothing is sent to a customer or triggered by any of these."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from dangol.core.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class CustomersMerged(DomainEvent):
    """One customer was taken into another; its id resolves to the survivor for ever."""

    merged_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class MergeUndone(DomainEvent):
    """A merge was taken back: the customer that had been taken in stands for itself again."""

    restored_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class RecordsSplit(DomainEvent):
    """Some records of a customer turned out to speak of another one."""

    new_id: uuid.UUID
    records: int
