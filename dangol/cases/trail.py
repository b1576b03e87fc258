"""What is done to cases, in the words of the trail."""

from django.utils.translation import gettext_lazy as _

from dangol.places.trail import lend_labels, lend_pages, lend_words

lend_words(
    {
        "add_category": _("Category added"),
        "add_note": _("Note added"),
        "assign_case": _("Case assigned"),
        "attach_file": _("File attached"),
        "change_case": _("Case changed"),
        "close_case": _("Case closed"),
        "end_rule": _("Rule ended"),
        "hand_over_case": _("Case handed over"),
        "move_case": _("Case moved to another site"),
        "open_case": _("Case opened"),
        "reopen_case": _("Case reopened"),
        "resolve_case": _("Case resolved"),
        "set_rule": _("Rule set"),
    },
    {
        "cases.case": _("Case"),
        "cases.category": _("Category"),
        "cases.rule": _("Case rule"),
    },
)
lend_pages(
    {
        "api case": _("Case page"),
        "api cases": _("List of cases"),
        "case": _("Case page"),
        "case file": _("File of a case"),
        "cases": _("List of cases"),
        "new case": _("New case"),
    }
)
lend_labels(
    {
        "confirmed": _("Confirmed"),
        "holder": _("Holder"),
        "solved": _("Solved"),
    }
)
