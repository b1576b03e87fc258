"""What the board shows, in the words of the access log."""

from django.utils.translation import gettext_lazy as _

from dangol.places.trail import lend_pages

lend_pages(
    {
        "board": _("Board"),
    }
)
