"""What cases do when something happens elsewhere."""

from __future__ import annotations

from dangol.cases import actions
from dangol.cases.models import Case, Stint
from dangol.core.events import hears
from dangol.core.models import Event
from dangol.interactions.actions import end_thread
from dangol.interactions.models import Thread
from dangol.places.models import Place
from dangol.warehouse.capture import read_again


@hears("surveys.ResponseCompleted")
def open_or_confirm(event: Event) -> None:
    """A confirmation closes or reopens the turn's case; any other response may open one."""
    if event.payload.get("process") == "confirmation":
        confirm(event)
    else:
        actions.open_case_by_rules(event)
    end_turn_of_the_loop(event)


@hears("cases.CaseClosed")
def end_turn_of_the_loop(event: Event) -> None:
    """The customer answered and nothing is open for them: this turn of the loop ends."""
    thread = Thread.objects.filter(pk=event.thread_id, ended_at=None).first()
    if thread and not thread.cases.filter(closed_at=None).exists():  # type: ignore[attr-defined]
        end_thread(thread, by=event.by, at=event.at)


def confirm(event: Event) -> None:
    """The answer to "is it solved?" ends the cycle or begins it again."""
    answer = event.payload.get("answers", {}).get("solved")
    if not answer or answer.get("value") is None:
        return
    solved = answer["value"] in (True, "yes", "true", 1, "1")
    waiting = Case.objects.filter(
        thread_id=event.thread_id, resolved_at__isnull=False, closed_at=None
    )
    for case in waiting:
        actions.confirm_solution(case, solved=solved, by=event.by, at=event.at)


@hears("places.PlaceClosed")
def hand_cases_to_head_office(event: Event) -> None:
    """A closed site keeps no turn: its open cases wait at head office, and the place above is told."""
    if event.place_id:
        actions.hand_over_cases_of(event.place_id, by=event.by, at=event.at)


@hears("places.CalendarChanged", "places.PlaceMoved")
def derive_clocks_again(event: Event) -> None:
    """Other hours, other deadlines, and other minutes in the lake."""
    place = Place.objects.filter(pk=event.place_id).first()
    if place:
        actions.rederive_deadlines(place)
        read_again(Stint)
