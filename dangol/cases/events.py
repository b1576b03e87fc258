"""What happens to cases."""

from dataclasses import dataclass

from dangol.core.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class CaseOpened(DomainEvent):
    """A promise was made."""

    number: int
    kind: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class CaseHandedOver(DomainEvent):
    """Another party has the turn."""

    number: int
    holder: str


@dataclass(frozen=True, kw_only=True)
class CaseMoved(DomainEvent):
    """Another site owns it from now on."""

    number: int
    from_place_id: str


@dataclass(frozen=True, kw_only=True)
class CaseChanged(DomainEvent):
    """Category, priority or words were corrected; the clock may run out at another time."""

    number: int


@dataclass(frozen=True, kw_only=True)
class CaseResolved(DomainEvent):
    """The site says that it is solved; the customer will be asked."""

    number: int
    transaction_id: str | None


@dataclass(frozen=True, kw_only=True)
class CaseReopened(DomainEvent):
    """The customer says that it is not solved."""

    number: int
    kind: str
    owner: str


@dataclass(frozen=True, kw_only=True)
class CaseClosed(DomainEvent):
    """The cycle ended."""

    number: int
    kind: str
    owner: str
    confirmed: bool | None


@dataclass(frozen=True, kw_only=True)
class CaseEscalated(DomainEvent):
    """The clock ran out, or is about to: a place above is told."""

    number: int
    level: int
    told_place_id: str
