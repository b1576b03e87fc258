"""What each answer would do, said before anybody gives it: the same as what is done."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dangol.core.masking import shown_name
from dangol.customers.models import Customer
from dangol.customers.source_names import source_name
from dangol.identity.merging.elders import elder_of
from dangol.identity.merging.preview import merge_moves, split_moves
from dangol.identity.models import Question
from dangol.identity.stewarding.branches import branch_of
from dangol.identity.stewarding.namesakes import told_apart, traits_of
from dangol.identity.stewarding.queries import with_sizes


def deeds_of(question: Question, *, hidden: bool) -> list[str]:
    """Of the answers same, household, apart, cannot tell: what each does."""
    later = _("Goes to another steward; you are not asked again.")
    if hidden:
        recorded = _(
            "Recorded before you see the earlier decision; then you say whether it is put right."
        )
        return [recorded] * 3 + [later]
    a, b = question.a.customer_id, question.b.customer_id
    told = _of_one(question) if a is None or b is None or a == b else _of_two(question)
    return [*told, later]


def _of_one(question: Question) -> list[str]:
    """The records are one customer's: to part them takes along all that hangs on the younger one."""
    customer = question.a.customer_id
    if customer is None or question.b.customer_id is None:
        return [_("One of the records has no customer.")] * 3
    moves = ", ".join(split_moves(customer, branch_of(question.b_id, question.a_id)))
    name = shown_name(str(question.b.values.get("name") or question.b.key))
    words = _("%(name)s gets a customer of its own: %(moves)s move. Can be undone at any time.")
    tied = (
        _("%(name)s gets a customer of its own, tied as a branch: %(moves)s move.")
        if question.a.kind == "organisation"
        else _("%(name)s gets a customer of its own, tied as a household: %(moves)s move.")
    )
    facts = {"name": name, "moves": moves}
    return [_("They are one customer already; nothing changes."), tied % facts, words % facts]


def _of_two(question: Question) -> list[str]:
    """The records are two customers': one takes in the other, or both stay."""
    a, b = question.a.customer, question.b.customer
    assert a is not None and b is not None
    sized = (
        question
        if hasattr(question, "others")
        else with_sizes(Question.objects).get(pk=question.pk)
    )
    survivor, other = elder_of((a, sized.a_records), (b, sized.b_records))  # type: ignore[attr-defined]
    stays, goes = _names(question, survivor, other)
    joined = _("%(survivor)s takes in %(other)s: %(moves)s move. Can be undone at any time.") % {
        "survivor": stays, "other": goes,
        "moves": ", ".join(merge_moves(other.pk, survivor.pk)),
    }  # fmt: skip
    tied = (
        _("Both stay, tied as head office and branch; never asked nor joined again.")
        if question.a.kind == "organisation"
        else _("Both stay, tied as one household; never asked nor joined again.")
    )
    apart = _("Both stay as they are; never asked nor joined again.")
    more: int = sized.others  # type: ignore[attr-defined]
    if not more:
        return [joined, tied, apart]
    with_it = ngettext(
        "%(n)s more question about the two is answered with it.",
        "%(n)s more questions about the two are answered with it.",
        more,
    ) % {"n": more}
    return [f"{words} {with_it}" for words in (joined, tied, apart)]


def _names(question: Question, survivor: Customer, other: Customer) -> tuple[str, str]:
    """Who takes in and who is taken in, told apart where both have one name."""
    records = {record.customer_id: record for record in (question.a, question.b)}
    mine, theirs = (
        traits_of(
            [records[one.pk]], born=str(one.born_on or ""),
            number=f"{source_name(records[one.pk].source)} {records[one.pk].key}",
        )
        for one in (survivor, other)
    )  # fmt: skip
    return told_apart((survivor.name, other.name), mine, theirs)
