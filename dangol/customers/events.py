"""What happens to customers."""

from dataclasses import dataclass

from dangol.core.events import DomainEvent


@dataclass(frozen=True, kw_only=True)
class CustomerAdded(DomainEvent):
    """A customer became known."""

    source: str


@dataclass(frozen=True, kw_only=True)
class CustomerChanged(DomainEvent):
    """Facts about a customer were corrected."""

    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class ContactPointChecked(DomainEvent):
    """A try to use a contact point said whether it is right."""

    kind: str
    outcome: str
    contact_point_id: str


@dataclass(frozen=True, kw_only=True)
class RecordsChanged(DomainEvent):
    """A source said something new of some customers; their records are marked as unread."""

    source: str


@dataclass(frozen=True, kw_only=True)
class AttributeBecameConsent(DomainEvent):
    """A yes or no that the company knows of its customers was marked as a consent."""

    key: str
