"""What a telephone system must be able to do for us, and what it tells us.

A driver keeps no promise in memory: whoever asks `events()` after a crash hears everything again,
under the same event keys, so that the listener can drop what it knows already.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from abc import ABC, abstractmethod
from collections.abc import Sequence

RINGING, ANSWERED, HELD, RESUMED = "ringing", "answered", "held", "resumed"
TRANSFERRED, ENDED, RECORDED = "transferred", "ended", "recorded"
KINDS = [RINGING, ANSWERED, HELD, RESUMED, TRANSFERRED, ENDED, RECORDED]

# Causes of an end, in the words of ITU-T Q.850.
NORMAL, BUSY, NO_ANSWER, UNALLOCATED, FAILED = (
    "normal",
    "busy",
    "no_answer",
    "unallocated",
    "failed",
)


@dataclasses.dataclass(frozen=True)
class LineEvent:
    """One thing that happened on the line; `key` is the same each time it is told."""

    call_id: uuid.UUID
    key: str
    kind: str
    at: dt.datetime
    cause: str = ""
    detail: dict[str, str] = dataclasses.field(default_factory=dict)


class Driver(ABC):
    """A telephone system. Every command may be given twice; the second changes nothing."""

    name: str

    @abstractmethod
    def originate(
        self, call_id: uuid.UUID, *, number: str, extension: str, at: dt.datetime
    ) -> None:
        """Call the agent's extension, then the number, and join the two."""

    @abstractmethod
    def answer(self, call_id: uuid.UUID, *, at: dt.datetime) -> None:
        """Answer for the far side: an inbound call, or a test's customer."""

    @abstractmethod
    def hold(self, call_id: uuid.UUID, *, at: dt.datetime) -> None:
        """Let the customer hear music."""

    @abstractmethod
    def resume(self, call_id: uuid.UUID, *, at: dt.datetime) -> None:
        """Take the customer back."""

    @abstractmethod
    def transfer(self, call_id: uuid.UUID, *, to: str, at: dt.datetime) -> None:
        """Join the customer with somebody else; our part ends."""

    @abstractmethod
    def hang_up(self, call_id: uuid.UUID, *, at: dt.datetime) -> None:
        """End the call."""

    @abstractmethod
    def start_recording(self, call_id: uuid.UUID, *, at: dt.datetime) -> None:
        """Begin to record; `recorded` is told after the end."""

    @abstractmethod
    def stop_recording(self, call_id: uuid.UUID, *, at: dt.datetime) -> None:
        """Stop to record."""

    @abstractmethod
    def set_agent_state(self, extension: str, *, ready: bool, at: dt.datetime) -> None:
        """Tell the switch whether the extension takes calls."""

    @abstractmethod
    def events(self, call_id: uuid.UUID, *, until: dt.datetime) -> Sequence[LineEvent]:
        """Everything that happened to the call up to an instant, in order, from the beginning."""
