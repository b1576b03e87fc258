"""The one event ledger: an event is written with its cause, and those who listen act at once.

An event class lives in its app's events.py; a listener of another app names it by text, so that
siblings never import each other:

    @hears("surveys.ResponseCompleted")
    def open_cases(event: Event) -> None: ...
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from django.db import transaction

from dangol.core import models

Listener = Callable[[models.Event], None]
LISTENERS: dict[str, list[Listener]] = defaultdict(list)


@dataclasses.dataclass(frozen=True, kw_only=True)
class DomainEvent:
    """Base of every event: the links that one turn of the loop is followed by."""

    subject_id: uuid.UUID
    thread_id: uuid.UUID | None = None
    customer_id: uuid.UUID | None = None
    place_id: uuid.UUID | None = None

    @classmethod
    def name(cls) -> str:
        """For example surveys.ResponseCompleted: the app's folder, then the class."""
        return f"{cls.__module__.split('.')[1]}.{cls.__name__}"


LINKS = {field.name for field in dataclasses.fields(DomainEvent)}


def plain(value: Any) -> Any:
    """A value as JSON holds it: keys and instants as text."""
    match value:
        case uuid.UUID() | dt.date() | dt.datetime():
            return str(value) if isinstance(value, uuid.UUID) else value.isoformat()
        case dict():
            return {str(k): plain(v) for k, v in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(v) for v in value]
        case None | bool() | int() | float() | str():
            return value
        case _:
            return str(value)


def hears(*names: str) -> Callable[[Listener], Listener]:
    """Register a listener; it runs inside the transaction of the event and must be quick."""

    def register(listener: Listener) -> Listener:
        for name in names:
            LISTENERS[name].append(listener)
        return listener

    return register


def publish(
    event: DomainEvent, *, by: models.User | None = None, at: dt.datetime | None = None
) -> models.Event:
    """Write the event to the ledger and let every listener act, in the caller's transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "publish() belongs inside an action's atomic()"
        )
    fields = {f.name: getattr(event, f.name) for f in dataclasses.fields(event)}
    recorded = models.Event(
        name=event.name(),
        by=by,
        payload=plain({k: v for k, v in fields.items() if k not in LINKS}),
        **{k: v for k, v in fields.items() if k in LINKS},
    )
    if at is not None:
        recorded.at = at
    recorded.save(force_insert=True)
    for listener in LISTENERS[recorded.name]:
        listener(recorded)
    return recorded
