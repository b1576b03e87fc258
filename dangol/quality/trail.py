"""What is done for good data, in the words of the trail."""

from django.utils.translation import gettext_lazy as _

from dangol.places.trail import lend_labels, lend_pages, lend_words

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
lend_pages(
    {
        "api correction task": _("Correction task"),
        "api correction tasks": _("List of correction tasks"),
        "api quality checks": _("Checks that found a contact point wrong"),
        "api quality points": _("Probably wrong now"),
        "api quality records": _("Records with faults"),
        "correction task": _("Correction task"),
        "correction task, whole": _("Correction task, shown whole"),
        "correction tasks": _("List of correction tasks"),
        "quality checks": _("Checks that found a contact point wrong"),
        "quality points": _("Probably wrong now"),
        "quality records": _("Records with faults"),
    }
)
lend_labels(
    {
        "outcome": _("Outcome"),
    }
)
