"""A steward's answer: written down, acted upon, and taken back."""

from __future__ import annotations

import uuid
import zlib
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.anew import anew
from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.customers.models import Customer, Relation, SourceRecord
from dangol.identity.matching.kinds import KINDS
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.apart import part_records
from dangol.identity.merging.elders import elder
from dangol.identity.merging.splitting import split_records, undo_split
from dangol.identity.models import (
    WHO_IS_WHO,
    Answer,
    Apart,
    Label,
    Merge,
    Question,
    QuestionWhy,
    SecondLook,
    Split,
)
from dangol.identity.reading.company_names import read_company
from dangol.identity.recognising.tying import tie
from dangol.identity.stewarding.branches import branch_of
from dangol.identity.stewarding.queries import others_between

TWICE = 20
"""One question in so many is asked of a second steward too."""


WITH = "with"
"""In a question's deed: the question by whose answer it was settled too."""


def drawn_twice(question: uuid.UUID) -> bool:
    """Whether the lot falls on this question, the same whenever it is asked."""
    return zlib.crc32(question.bytes) % TWICE == 0


@anew(WHO_IS_WHO)
def answer_question(question: Question, answer: str, *, by: User, note: str = "") -> Label:
    """Write the answer down as a label and do what it says; where a sample shows that the matching
    was wrong, what it says waits for `correct_by_answer`, for nobody saw yet what that would change.

    Raises ValidationError when somebody else settled the question meanwhile, or for no answer.
    """
    if answer not in Answer.values:
        raise ValidationError(_("Answer same, household, apart or cannot tell."))
    locked = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if locked.labels.filter(by=by).exists():
        raise ValidationError(_("You answered this pair already."))
    second = locked.second == SecondLook.WANTED
    if locked.settled and not second:
        raise ValidationError(_("Somebody else answered this pair meanwhile."))
    if not blind(locked) and locked.a.customer_id == locked.b.customer_id:
        raise ValidationError(_("They became one customer meanwhile. Undo that, or split them."))
    label = Label.objects.create(question=locked, answer=answer, by=by, note=note[:300])
    if second:
        if answer != Answer.UNSURE:
            locked.second = SecondLook.DONE
            locked.save(update_fields=["second"])
    elif answer != Answer.UNSURE:
        locked.settled, locked.settled_at, locked.settled_by = answer, timezone.now(), by
        if not contradicted(locked):
            _act(locked, by)
        locked.second = SecondLook.WANTED if drawn_twice(locked.pk) else ""
        locked.save()
    record_change("answer_question", locked, by=by, changes={"answer": ["", answer]})
    return label


@anew(WHO_IS_WHO)
def correct_by_answer(question: Question, *, by: User) -> Question:
    """Do what the answer to a sample says, where that is not how it stands.

    Raises ValidationError when it stands so already, or nobody answered.
    """
    locked = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    if not contradicted(locked):
        raise ValidationError(_("Nothing is left to be put right here."))
    _act(locked, by)
    locked.save(update_fields=["deed"])
    record_change("correct_by_answer", locked, by=by, changes={"answer": ["", locked.settled]})
    return locked


def _act(question: Question, by: User) -> None:
    """Do what a settled question says, for all questions about the same two."""
    others = [one.pk for one in others_between(question).select_for_update(of=("self",))]
    question.deed = _do(question, question.settled, by)
    told = {
        "settled": question.settled, "settled_at": question.settled_at,
        "settled_by": question.settled_by, "deed": {WITH: str(question.pk)},
    }  # fmt: skip
    Question.objects.filter(pk__in=others).update(**told)


def _do(question: Question, answer: str, by: User) -> dict[str, Any]:
    """What an answer changes; by which keys it can be taken back."""
    a, b = _customers(question)
    if answer == Answer.SAME:
        if a == b:
            return {}
        survivor, other = elder(a, b)
        merge = merge_customers(survivor, other, by=by, question=question, decided=True)
        return {"merge": str(merge.pk)}
    deed: dict[str, Any] = {}
    known = told_apart(question)
    if a == b:
        going = branch_of(question.b_id, question.a_id)
        split = split_records(Customer.objects.get(pk=a), going, by=by, question=question)
        deed["split"] = str(split.pk)
        b = split.new_key
    apart = part_records(question.a_id, question.b_id, by=by)
    if not known:  # what somebody else said before stays when this answer goes
        deed["apart"] = str(apart.pk)
    if answer == Answer.HOUSEHOLD and (tie := _tie(question, a, b)):
        deed["relation"] = str(tie.pk)
    return deed


def told_apart(question: Question) -> bool:
    """Whether the two records were told apart before."""
    a, b = sorted((question.a_id, question.b_id))
    return Apart.objects.filter(a_id=a, b_id=b).exists()


def _customers(question: Question) -> tuple[uuid.UUID, uuid.UUID]:
    """The customers of the two records now, locked in one order so that nobody waits for ever."""
    owners = dict(
        SourceRecord.objects.filter(pk__in=[question.a_id, question.b_id]).values_list(
            "pk", "customer_id"
        )
    )
    a, b = owners.get(question.a_id), owners.get(question.b_id)
    if a is None or b is None:
        raise ValidationError(_("One of the records has no customer."))
    list(Customer.objects.select_for_update().filter(pk__in=[a, b]).order_by("pk"))
    return a, b


def _tie(question: Question, a: uuid.UUID, b: uuid.UUID) -> Relation | None:
    """Tie two customers as one household, or as branch and head office; None when that was known."""
    kind = KINDS[question.a.kind].tie
    if kind == "branch_of":
        says_branch = read_company(str(question.a.values.get("name") or "")).branch
        a, b = (a, b) if says_branch else (b, a)
    return tie(a, b, kind, decided=True)


@anew(WHO_IS_WHO)
def take_back(label: Label, *, by: User) -> Question:
    """Take one's own answer back: what it did is undone and the pair is asked again."""
    question = Question.objects.select_for_update(of=("self",)).get(pk=label.question_id)
    if not Label.objects.select_for_update(of=("self",)).filter(pk=label.pk).exists():
        raise ValidationError(_("This answer was taken back already."))
    if label.by_id != by.pk:
        raise ValidationError(_("Only your own answer can be taken back here."))
    if question.settled_by_id == by.pk and question.settled and WITH not in question.deed:
        undo_deed(question, by=by)
        Question.objects.filter(**{f"deed__{WITH}": str(question.pk)}).update(
            settled="", settled_at=None, settled_by=None, deed={}
        )
        question.settled, question.settled_at, question.settled_by = "", None, None
        question.deed = {}
        question.second = ""
        # a second look at an answer that is gone: that steward may be asked again
        question.labels.exclude(pk=label.pk).exclude(answer=Answer.UNSURE).delete()
    elif question.second == SecondLook.DONE:
        question.second = SecondLook.WANTED
    question.save()
    record_change("take_back_answer", question, by=by, changes={"answer": [label.answer, ""]})
    label.delete()
    return question


def undo_deed(question: Question, *, by: User) -> None:
    """Undo what the answer did, as far as it still stands."""
    deed = question.deed
    for kind, model in (("relation", Relation), ("apart", Apart)):
        if (key := deed.get(kind)) and not model.objects.filter(pk=key).delete()[0]:
            forget_kept(question, key)
    if (key := deed.get("merge")) and (
        merge := Merge.objects.filter(pk=key, undone_at=None).first()
    ):
        undo_merge(merge, by=by)
    if (key := deed.get("split")) and (
        split := Split.objects.filter(pk=key, undone_at=None).first()
    ):
        undo_split(split, by=by)


def forget_kept(question: Question, key: str) -> None:
    """A row that a merge since then put aside: undoing the merge does not bring it back."""
    owners = [question.a.customer_id, question.b.customer_id]
    for merge in Merge.objects.select_for_update().filter(survivor__in=owners, undone_at=None):
        kept = [row for row in merge.kept if row["pk"] != key]
        if len(kept) < len(merge.kept):
            merge.kept = kept
            merge.save(update_fields=["kept"])


def blind(question: Question) -> bool:
    """Whether the person must not see what was decided before: audits and second looks."""
    return question.why == QuestionWhy.AUDIT or question.second == SecondLook.WANTED


def contradicted(question: Question) -> bool:
    """Whether a sample was answered otherwise than it stands, and nothing was done about it."""
    answered = question.why == QuestionWhy.AUDIT and question.settled and not question.deed
    one = question.a.customer_id == question.b.customer_id
    return bool(answered) and one != (question.settled == Answer.SAME)
