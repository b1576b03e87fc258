"""What the matching does, in the words of the trail."""

from django.utils.translation import gettext_lazy as _

from dangol.core.masking import shown_name
from dangol.customers.trail import customer_names
from dangol.identity.models import Answer, Merge, Split
from dangol.places.trail import Field, in_words, lend_fields, lend_labels, lend_pages, lend_words


def past_names(keys: set[str]) -> dict[str, str]:
    """What customers are called, masked as names are: those who are one with another by now as they
    were called then."""
    merged = Merge.objects.filter(merged_key__in=keys).values_list("merged_key", "name")
    parted = Split.objects.filter(new_key__in=keys).values_list("new_key", "name")
    then = {str(key): shown_name(name) for key, name in merged.union(parted)}
    return then | customer_names(keys)


lend_fields(
    "customers.customer",
    {
        "merged": Field(_("Merged"), names=past_names),
        "records": Field(_("Records"), names=past_names),
        "split": Field(_("Split off"), names=past_names),
    }.get,
)

lend_fields("identity.question", {"answer": Field(_("Answer"), told=in_words(Answer.choices))}.get)

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
lend_pages(
    {
        "api disputed pairs": _("Disputed pairs"),
        "api golden record": _("Golden record"),
        "api matching queue": _("Queue of the matching"),
        "api merge": _("Merge of two customers"),
        "api pair": _("Matching question"),
        "api split": _("Split of a customer"),
        "api splits": _("List of splits"),
        "golden record": _("Golden record"),
        "merge": _("Merge of two customers"),
        "merges": _("List of merges"),
        "pair": _("Matching question"),
        "pairs": _("List of matching questions"),
        "source records": _("Source records of a customer"),
        "split": _("Split of a customer"),
        "splits": _("List of splits"),
    }
)
lend_labels(
    {
        "drawn": _("Pairs drawn"),
        "join": _("Joined from"),
        "review": _("Asked from"),
    }
)
