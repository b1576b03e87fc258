"""How far stewards agree on pairs that were asked twice by lot."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch

from dangol.core.models import User
from dangol.identity.audits.intervals import Share, kappa, wilson
from dangol.identity.models import Answer, Label, Question, SecondLook
from dangol.identity.stewarding.queries import questions_visible_to, with_records


@dataclass(frozen=True, slots=True)
class Agreement:
    """Answers given twice: how many, the share that differs, Cohen's kappa."""

    pairs: int
    differing: Share | None
    kappa: float | None


def answered_twice() -> list[tuple[str, str]]:
    """Both answers to each pair that two stewards decided, the first one first."""
    labels = (
        Label.objects.filter(question__second=SecondLook.DONE)
        .exclude(answer=Answer.UNSURE)
        .order_by("question_id", "created_at")
        .values_list("question_id", "answer")
    )
    by_question: dict[object, list[str]] = {}
    for question, answer in labels:
        by_question.setdefault(question, []).append(answer)
    return [(told[0], told[1]) for told in by_question.values() if len(told) > 1]


def agreement() -> Agreement:
    """What two stewards said of the same pairs."""
    pairs = answered_twice()
    if not pairs:
        return Agreement(0, None, None)
    share = sum(a != b for a, b in pairs) / len(pairs)
    return Agreement(len(pairs), wilson(share, len(pairs)), kappa(pairs))


def disputed(user: User, limit: int = 20) -> list[Question]:
    """Pairs on which two stewards differ, as far as this person may see them."""
    rows = with_records(questions_visible_to(user)).filter(second=SecondLook.DONE)
    found = []
    for one in rows.prefetch_related(
        Prefetch("labels", Label.objects.select_related("by"))
    ).order_by("-settled_at")[:200]:
        told = [label for label in one.labels.all() if label.answer != Answer.UNSURE]
        if len({label.answer for label in told}) > 1:
            one.told = sorted(told, key=lambda label: label.created_at)  # type: ignore[attr-defined]
            found.append(one)
    return found[:limit]
