"""What is done for good data, in the words of the trail."""

from django.utils.translation import gettext_lazy as _

from dangol.places.trail import lend_words

lend_words(
    {
        "ask_for_correction": _("Correction task made"),
        "ask_for_look": _("Look at the data ordered"),
        "change_quality_policy": _("Settings of data quality changed"),
        "close_correction": _("Correction task done"),
        "give_correction_back": _("Correction task given back"),
        "take_correction": _("Correction task taken"),
    },
    {
        "quality.correctiontask": _("Correction task"),
        "quality.look": _("Look at the data"),
        "quality.policy": _("Settings of data quality"),
    },
)
