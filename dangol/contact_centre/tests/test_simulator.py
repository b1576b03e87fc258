"""The simulator obeys the contract of every driver."""

import datetime as dt
import uuid

import pytest

from dangol.contact_centre.models import SimulatedCall
from dangol.contact_centre.telephony.contract import DriverContract
from dangol.contact_centre.telephony.simulator import Fate, Simulator

START = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


class ByNumber(Simulator):
    """The number says what becomes of the call, so that each clause of the contract can be asked."""

    def fate(self, call: SimulatedCall) -> Fate:
        drawn = super().fate(call)
        kinds = {
            "+8210": "answered",
            "+8211": "busy",
            "+8212": "no_answer",
            "+8213": "wrong_number",
        }
        turns = drawn.rings + (24 if call.number == "+8212" else 3)
        return Fate(kinds[call.number], drawn.rings, turns)


@pytest.mark.django_db
class TestSimulatorObeysTheContract(DriverContract):
    answering, busy, silent, unknown = "+8210", "+8211", "+8212", "+8213"

    def setup_method(self):
        self.driver, self.clock = ByNumber(), START

    def now(self):
        return self.clock

    def wait(self, seconds):
        self.clock += dt.timedelta(seconds=seconds)


@pytest.mark.django_db
def test_the_same_seed_plays_the_same_day():
    call = SimulatedCall(call_id=uuid.UUID(int=7), number="+8210", began_at=START)
    assert Simulator(seed=5).fate(call) == Simulator(seed=5).fate(call)
    assert Simulator(seed=5).fate(call) != Simulator(seed=6).fate(call)


@pytest.mark.django_db
def test_odds_are_kept():
    simulator = Simulator(odds={"answered": 0.5, "busy": 0.5}, seed=1)
    kinds = [
        simulator.fate(SimulatedCall(call_id=uuid.UUID(int=n), number="", began_at=START)).kind
        for n in range(400)
    ]
    assert set(kinds) == {"answered", "busy"}
    assert 160 < kinds.count("busy") < 240
