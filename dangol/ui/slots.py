"""Places in the frame of every page that other apps fill: site switcher, agent state, notices."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest

from dangol.ui.permission import may

POSITIONS = ("place", "agent", "notices", "user", "foot")


@dataclass(frozen=True, slots=True)
class Slot:
    """A small template that an app lends to the top line; `context` gives it its values."""

    position: str
    template: str
    ability: str = ""
    order: int = 100
    context: Callable[[HttpRequest], dict] = lambda request: {}


_slots: list[Slot] = []


def register(*slots: Slot) -> None:
    """Lend parts to the frame."""
    for slot in slots:
        if slot.position not in POSITIONS:
            raise ValueError(f"no such position: {slot.position}")
        if slot not in _slots:
            _slots.append(slot)


def slots_for(request, position: str) -> list[Slot]:
    """What this person sees at this position, in order."""
    mine = [slot for slot in _slots if slot.position == position]
    return sorted((s for s in mine if may(request.user, s.ability)), key=lambda s: s.order)
