"""The tests that every driver must pass; a driver's own test class inherits them and says how to make one.

The clock is the driver's own affair: `wait()` lets the given seconds pass, in truth or in thought.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from dangol.contact_centre.telephony import driver as d


class DriverContract:
    """Inherit, and give `driver`, `now()`, `wait(seconds)` and numbers with a known fate."""

    driver: d.Driver
    answering = busy = silent = unknown = ""

    def now(self) -> dt.datetime:
        raise NotImplementedError

    def wait(self, seconds: float) -> None:
        raise NotImplementedError

    def begin(self, number: str) -> uuid.UUID:
        call_id = uuid.uuid4()
        self.driver.originate(call_id, number=number, extension="100", at=self.now())
        return call_id

    def told(self, call_id: uuid.UUID) -> Sequence[d.LineEvent]:
        return self.driver.events(call_id, until=self.now())

    def kinds(self, call_id: uuid.UUID) -> list[str]:
        return [event.kind for event in self.told(call_id)]

    def answered_call(self) -> uuid.UUID:
        call_id = self.begin(self.answering)
        self.wait(20)
        assert self.kinds(call_id) == [d.RINGING, d.ANSWERED]
        return call_id

    def test_an_answered_call_rings_is_answered_and_ends_when_we_hang_up(self):
        call_id = self.answered_call()
        self.driver.hang_up(call_id, at=self.now())
        self.wait(1)
        assert self.kinds(call_id) == [d.RINGING, d.ANSWERED, d.ENDED]
        assert self.told(call_id)[-1].cause == d.NORMAL

    def test_a_busy_number_ends_with_busy(self):
        call_id = self.begin(self.busy)
        self.wait(20)
        assert [(e.kind, e.cause) for e in self.told(call_id)] == [(d.ENDED, d.BUSY)]

    def test_nobody_at_home_ends_with_no_answer(self):
        call_id = self.begin(self.silent)
        self.wait(60)
        assert self.kinds(call_id) == [d.RINGING, d.ENDED]
        assert self.told(call_id)[-1].cause == d.NO_ANSWER

    def test_an_unknown_number_ends_as_unallocated(self):
        call_id = self.begin(self.unknown)
        self.wait(20)
        assert [(e.kind, e.cause) for e in self.told(call_id)] == [(d.ENDED, d.UNALLOCATED)]

    def test_events_are_in_order_and_told_again_under_the_same_keys(self):
        call_id = self.answered_call()
        self.driver.hold(call_id, at=self.now())
        self.wait(3)
        self.driver.resume(call_id, at=self.now())
        self.wait(1)
        self.driver.hang_up(call_id, at=self.now())
        self.wait(1)
        first, again = self.told(call_id), self.told(call_id)
        assert list(first) == list(again)
        assert [e.at for e in first] == sorted(e.at for e in first)
        assert len({e.key for e in first}) == len(first)
        assert [e.kind for e in first] == [d.RINGING, d.ANSWERED, d.HELD, d.RESUMED, d.ENDED]

    def test_commands_given_twice_or_late_change_nothing(self):
        call_id = self.answered_call()
        self.driver.originate(call_id, number=self.busy, extension="100", at=self.now())
        for _again in range(2):
            self.driver.hang_up(call_id, at=self.now())
        self.wait(1)
        self.driver.hold(call_id, at=self.now())
        self.driver.answer(call_id, at=self.now())
        self.wait(1)
        assert self.kinds(call_id) == [d.RINGING, d.ANSWERED, d.ENDED]

    def test_a_transfer_ends_our_part(self):
        call_id = self.answered_call()
        self.driver.transfer(call_id, to="200", at=self.now())
        self.wait(1)
        assert self.kinds(call_id) == [d.RINGING, d.ANSWERED, d.TRANSFERRED, d.ENDED]

    def test_a_recording_is_told_after_the_end(self):
        call_id = self.begin(self.answering)
        self.driver.start_recording(call_id, at=self.now())
        self.wait(20)
        self.driver.hang_up(call_id, at=self.now())
        self.wait(1)
        last = self.told(call_id)[-1]
        assert last.kind == d.RECORDED
        assert last.detail["file"]

    def test_nothing_is_known_of_a_call_that_was_never_made(self):
        assert list(self.told(uuid.uuid4())) == []
