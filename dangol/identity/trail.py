"""What the matching does, in the words of the trail."""

from django.utils.translation import gettext_lazy as _

from dangol.places.trail import lend_words

lend_words(
    {
        "answer_question": _("Matching question answered"),
        "apply_thresholds": _("Thresholds of the matching changed"),
        "ask_for_run": _("Matching run ordered"),
        "correct_by_answer": _("Matching put right by an answer"),
        "draw_audit": _("Sample for checking the matching drawn"),
        "follow_sources": _("Customer follows the sources"),
        "merge_customers": _("Two customers merged"),
        "narrow_consent": _("Consent narrowed"),
        "split_records": _("Records split off"),
        "take_back_answer": _("Answer to a matching question taken back"),
        "undo_merge": _("Merge undone"),
        "undo_split": _("Split undone"),
    },
    {
        "identity.audit": _("Sample of the matching"),
        "identity.model": _("Matching model"),
        "identity.question": _("Matching question"),
        "identity.run": _("Matching run"),
    },
)
