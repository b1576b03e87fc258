"""What is done at the telephone, in the words of the trail."""

from django.utils.translation import gettext_lazy as _

from dangol.places.trail import lend_labels, lend_words

lend_words(
    {
        "change_state": _("Agent state changed"),
        "transfer_call": _("Call transferred"),
    },
)
lend_labels(
    {
        "state": _("State"),
        "to": _("Transferred to"),
    }
)
