"""What is done to conversations, in the words of the trail."""

from django.utils.translation import gettext_lazy as _

from dangol.places.trail import lend_labels, lend_pages, lend_words

lend_words(
    {
        "correct_note": _("Note corrected"),
    },
    {
        "interactions.interaction": _("Conversation"),
    },
)
lend_pages(
    {
        "api conversation": _("Conversation page"),
        "api conversations": _("List of conversations"),
        "conversation": _("Conversation page"),
        "conversations": _("List of conversations"),
    }
)

lend_labels(
    {
        "note": _("Note"),
    }
)
