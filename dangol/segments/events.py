"""What happens to segments; who came and went is read with a cursor (see `subscribing.py`)."""

from dataclasses import dataclass

from dangol.core.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class SegmentMade(DomainEvent):
    """A segment began."""


@dataclass(frozen=True, kw_only=True)
class SegmentChanged(DomainEvent):
    """The rule has a new version."""

    number: int


@dataclass(frozen=True, kw_only=True)
class SegmentEnded(DomainEvent):
    """It is counted no more."""


@dataclass(frozen=True, kw_only=True)
class MembersChanged(DomainEvent):
    """Customers came or left: subscribers read on."""

    size: int
    entered: int
    left: int
