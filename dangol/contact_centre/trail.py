"""What is done at the telephone, in the words of the trail."""

from django.utils.translation import gettext_lazy as _

from dangol.contact_centre.models import State
from dangol.places.trail import Field, in_words, lend_fields, lend_labels, lend_words

lend_words(
    {
        "change_state": _("Agent state changed"),
        "transfer_call": _("Call transferred"),
    },
)
lend_fields("core.user", {"state": Field(_("State"), told=in_words(State.choices))}.get)
lend_labels(
    {
        "to": _("Transferred to"),
    }
)
