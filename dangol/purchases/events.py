"""What happens to purchases."""

from __future__ import annotations

from dataclasses import dataclass

from dangol.core.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class TransactionsLoaded(DomainEvent):
    """Transactions of one kind came in: a batch of a file, or a single one."""

    kind: str
    count: int
    first_at: str
    last_at: str


@dataclass(frozen=True, kw_only=True)
class TransactionsGone(DomainEvent):
    """Transactions of one source that it no longer has."""

    source: str
    count: int


@dataclass(frozen=True, kw_only=True)
class ProductAdded(DomainEvent):
    """A product came into the tree."""

    code: str
