"""A telephone system without telephones: customers answer, are busy, away or wrong by odds.

Nothing runs: a call is its beginning plus the commands that it was given, and what happened up to
any instant follows by arithmetic from the seed and the call's key. So a killed process leaves no
call hanging, and the same seed plays the same day again.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import random
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.db import transaction

from dangol.contact_centre.models import SimulatedCall
from dangol.contact_centre.telephony import driver as d

ODDS = {"answered": 0.68, "no_answer": 0.2, "busy": 0.08, "wrong_number": 0.04}
RINGS_AFTER = (0.6, 1.6)
ANSWERS_AFTER = (2.0, 7.0)
GIVES_UP_AFTER = 24.0
LONGEST_TALK = 30 * 60.0


@dataclasses.dataclass(frozen=True)
class Fate:
    """What will become of a call if nobody interferes: seconds from its beginning."""

    kind: str
    rings: float
    turns: float


class Simulator(d.Driver):
    """The driver without a PBX; `odds`, `seed` and `speed` come from settings.TELEPHONY."""

    name = "simulator"

    def __init__(self, **given: Any) -> None:
        self.given = given

    def option(self, name: str, default: Any) -> Any:
        """What was given here, else in the settings, else the default."""
        chosen: dict[str, Any] = {**getattr(settings, "TELEPHONY", {}), **self.given}
        return chosen.get(name, default)

    def fate(self, call: SimulatedCall) -> Fate:
        """Draw the call's fate from seed and key: the same each time it is asked."""
        text = f"{self.option('seed', 1)}:{call.call_id}".encode()
        draw = random.Random(hashlib.sha256(text).digest())
        odds = self.option("odds", ODDS)
        kind = draw.choices(list(odds), weights=list(odds.values()))[0]
        speed = float(self.option("speed", 1.0))
        rings = draw.uniform(*RINGS_AFTER) / speed
        turns = rings + draw.uniform(*ANSWERS_AFTER) / speed
        if kind == "no_answer":
            turns = rings + GIVES_UP_AFTER / speed
        return Fate(kind, rings, turns)

    @transaction.atomic
    def originate(
        self, call_id: uuid.UUID, *, number: str, extension: str, at: dt.datetime
    ) -> None:
        """Begin a call; a second time changes nothing."""
        fresh = SimulatedCall(call_id=call_id, number=number, began_at=at)
        SimulatedCall.objects.bulk_create([fresh], ignore_conflicts=True)

    @transaction.atomic
    def _command(self, call_id: uuid.UUID, verb: str, at: dt.datetime, **detail: str) -> None:
        call = SimulatedCall.objects.select_for_update().get(pk=call_id)
        call.commands.append({"verb": verb, "at": at.isoformat(), **detail})
        call.save(update_fields=["commands"])

    def answer(self, call_id: uuid.UUID, *, at: dt.datetime) -> None:
        """The customer answers now, whatever the odds said."""
        self._command(call_id, "answer", at)

    def hold(self, call_id: uuid.UUID, *, at: dt.datetime) -> None:
        """Music."""
        self._command(call_id, "hold", at)

    def resume(self, call_id: uuid.UUID, *, at: dt.datetime) -> None:
        """Back."""
        self._command(call_id, "resume", at)

    def transfer(self, call_id: uuid.UUID, *, to: str, at: dt.datetime) -> None:
        """Somebody else takes over."""
        self._command(call_id, "transfer", at, to=to)

    def hang_up(self, call_id: uuid.UUID, *, at: dt.datetime) -> None:
        """We hang up."""
        self._command(call_id, "hang_up", at)

    def start_recording(self, call_id: uuid.UUID, *, at: dt.datetime) -> None:
        """Record from now."""
        self._command(call_id, "record", at)

    def stop_recording(self, call_id: uuid.UUID, *, at: dt.datetime) -> None:
        """Record no longer."""
        self._command(call_id, "stop_record", at)

    def set_agent_state(self, extension: str, *, ready: bool, at: dt.datetime) -> None:
        """The simulator has no switch to tell."""

    def events(self, call_id: uuid.UUID, *, until: dt.datetime) -> Sequence[d.LineEvent]:
        """Everything up to an instant, worked out anew."""
        call = SimulatedCall.objects.filter(pk=call_id).first()
        return Play(call, self.fate(call)).events(until) if call else []


class Play:
    """One call played from its fate and the commands it was given."""

    def __init__(self, call: SimulatedCall, fate: Fate) -> None:
        self.call, self.told = call, list[d.LineEvent]()
        self.line, self.recording = "dialling", False
        began = call.began_at
        steps: list[tuple[dt.datetime, int, str, dict[str, str]]] = []
        for order, (after, verb) in enumerate(self.script(fate)):
            steps.append((began + dt.timedelta(seconds=after), order, verb, {}))
        for order, command in enumerate(call.commands, start=100):
            given = dt.datetime.fromisoformat(command["at"])
            steps.append((max(given, began), order, command["verb"], command))
        self.steps = sorted(steps, key=lambda step: step[:2])

    @staticmethod
    def script(fate: Fate) -> list[tuple[float, str]]:
        """The far side's part."""
        match fate.kind:
            case "busy":
                return [(fate.rings, "busy")]
            case "wrong_number":
                return [(fate.rings, "unallocated")]
            case "no_answer":
                return [(fate.rings, "ring"), (fate.turns, "no_answer")]
            case _:
                gone = fate.turns + LONGEST_TALK
                return [(fate.rings, "ring"), (fate.turns, "answer"), (gone, "leave")]

    def events(self, until: dt.datetime) -> list[d.LineEvent]:
        """Play every step up to the instant."""
        for at, _order, verb, detail in self.steps:
            if at <= until:
                self.play(verb, at, detail)
        return self.told

    def play(self, verb: str, at: dt.datetime, detail: dict[str, str]) -> None:
        """One step; what does not fit the line's state changes nothing."""
        live = self.line in ("answered", "held")
        does: dict[str, Callable[[], None]] = {}
        if self.line == "dialling":
            does = {"ring": lambda: self.tell(d.RINGING, at, "ringing"),
                    "busy": lambda: self.end(at, d.BUSY),
                    "unallocated": lambda: self.end(at, d.UNALLOCATED)}  # fmt: skip
        if self.line == "ringing":
            does["no_answer"] = lambda: self.end(at, d.NO_ANSWER)
        if self.line in ("dialling", "ringing"):
            does["answer"] = lambda: self.tell(d.ANSWERED, at, "answered")
            does["hang_up"] = lambda: self.end(at, d.NO_ANSWER)
        if live:
            does["leave"] = does["hang_up"] = lambda: self.end(at, d.NORMAL)
            does["transfer"] = lambda: self.transfer(at, detail["to"])
        if self.line == "answered":
            does["hold"] = lambda: self.tell(d.HELD, at, "held")
        if self.line == "held":
            does["resume"] = lambda: self.tell(d.RESUMED, at, "answered")
        if verb == "record" and self.line != "ended":
            self.recording = True
        does.get(verb, lambda: None)()

    def tell(self, kind: str, at: dt.datetime, line: str, **detail: str) -> None:
        """Add an event and move the line."""
        key = f"{kind}:{sum(e.kind == kind for e in self.told)}"
        cause = detail.pop("cause", "")
        self.told.append(d.LineEvent(self.call.call_id, key, kind, at, cause, detail))
        self.line = line

    def transfer(self, at: dt.datetime, to: str) -> None:
        """Hand the customer on; our call ends normally."""
        self.tell(d.TRANSFERRED, at, self.line, to=to)
        self.end(at, d.NORMAL)

    def end(self, at: dt.datetime, cause: str) -> None:
        """The call ends, once; a recording is told after it."""
        talked = any(e.kind == d.ANSWERED for e in self.told)
        self.tell(d.ENDED, at, "ended", cause=cause)
        if self.recording and talked:
            self.tell(d.RECORDED, at, "ended", file=f"simulated/{self.call.call_id}.wav")
