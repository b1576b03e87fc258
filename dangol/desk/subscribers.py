"""What the desk does when something happened elsewhere."""

from __future__ import annotations

from dangol.contact_centre.actions import change_state
from dangol.contact_centre.models import State
from dangol.core.events import hears
from dangol.core.models import Event, User
from dangol.desk.actions import finish, give_back, on_desk
from dangol.interactions.models import Outcome


@hears("places.PersonEnded")
def clear_the_desk(event: Event) -> None:
    """The call of a person who is gone is hung up and tried again; one not dialled goes back."""
    person = User.objects.filter(pk=event.subject_id).first()
    if person is None:
        return
    held = on_desk(person)
    if held and held.interaction_id:
        finish(person, held, Outcome.FAILED, note=held.note, then=State.OFFLINE, at=event.at)
    elif held:
        give_back(person, at=event.at)
        change_state(person, State.OFFLINE, by=event.by, at=event.at)
