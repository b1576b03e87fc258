"""What happens to places."""

from dataclasses import dataclass

from dangol.core.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class PlaceOpened(DomainEvent):
    """A place joined the tree."""

    code: str


@dataclass(frozen=True, kw_only=True)
class PlaceMoved(DomainEvent):
    """A place went below another; figures of both lines above change."""

    code: str


@dataclass(frozen=True, kw_only=True)
class PlaceClosed(DomainEvent):
    """A place ended; what was its turn is somebody else's from now on."""

    code: str


@dataclass(frozen=True, kw_only=True)
class PlaceReopened(DomainEvent):
    """A closed place works again."""

    code: str


@dataclass(frozen=True, kw_only=True)
class PersonEnded(DomainEvent):
    """An account ended; what lay on that person's desk is nobody's."""


@dataclass(frozen=True, kw_only=True)
class CalendarChanged(DomainEvent):
    """Working time at a place (and below) is no longer what it was; clocks are derived again."""
