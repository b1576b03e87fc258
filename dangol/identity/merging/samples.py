"""Samples that were put right by a merge or a split which somebody took back."""

from __future__ import annotations

from dangol.identity.models import Merge, Question, QuestionWhy, Split


def stands_otherwise_again(deed: Merge | Split) -> None:
    """A sample whose correction was undone by hand is answered otherwise than it stands once more: it can
    be put right again, and its answer taken back."""
    Question.objects.filter(pk=deed.question_id, why=QuestionWhy.AUDIT).update(deed={})
