from django.utils.translation import gettext_lazy as _

from dangol.contact_centre.queries import state_of
from dangol.ui.menu import MenuItem, register
from dangol.ui.slots import Slot
from dangol.ui.slots import register as lend

register(MenuItem(_("Desk"), "desk:desk", "headset", "desk.work", order=10, key="g d"))


def agent_state(request):  # type: ignore[no-untyped-def]
    """The agent's own state for the top line."""
    from dangol.desk.screen import STATE_MEANINGS

    interval = state_of(request.user)
    return {
        "interval": interval,
        "meaning": STATE_MEANINGS.get(interval.state, "") if interval else "",
    }


lend(Slot("agent", "desk/_state_slot.html", "desk.work", context=agent_state))
