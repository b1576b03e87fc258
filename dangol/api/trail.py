"""What is done to tokens of programs, in the words of the trail."""

from django.utils.translation import gettext_lazy as _

from dangol.places.trail import lend_words

lend_words(
    {
        "make_token": _("API token made"),
        "revoke_token": _("API token revoked"),
    },
    {
        "api.token": _("API token"),
    },
)
