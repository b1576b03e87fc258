"""What was said of two customers before: ties and answers, by whom and when; ties that nobody said
are the matching's."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import gettext as _

from dangol.core.masking import shown_name
from dangol.core.models import AuditEntry
from dangol.customers.models import Alias, Relation, RelationKind
from dangol.identity.merging.apart import apart_between
from dangol.identity.models import Answer, Question
from dangol.identity.stewarding.answering import WITH
from dangol.identity.stewarding.queries import between
from dangol.identity.stewarding.words import answer_words

AT_ONCE = dt.timedelta(minutes=1)
"""A tie and its line in the audit trail are written together."""


@dataclass(frozen=True, slots=True)
class Saying:
    """What was said of two customers, by whom and when."""

    words: str
    who: str
    at: dt.datetime | None


def ties_between(one: uuid.UUID, other: uuid.UUID, without: Collection[str] = ()) -> list[Saying]:
    """The ties in force between two customers, with who made them."""
    both = [one, other]
    rows = Relation.objects.filter(
        from_customer__in=both, to_customer__in=both, ended_at=None
    ).exclude(pk__in=without)
    trail = _trail(both)
    rows = rows.annotate(
        answered=Subquery(_answers_that_tied(one, other)),
        written=Exists(trail),
        added=Subquery(trail.values_list(_name("by"))[:1]),
    )
    return [
        Saying(_words(row), _who(row), row.created_at)
        for row in rows.select_related("from_customer", "to_customer").order_by("created_at", "pk")
    ]


def said_between(one: uuid.UUID, other: uuid.UUID, kind: str) -> list[Saying]:
    """All that speaks against merging two customers: answers of stewards, what was told apart by hand,
    ties."""
    answers = list(
        Question.objects.filter(between(one, other), settled__in=[Answer.APART, Answer.HOUSEHOLD])
        .exclude(deed__has_key=WITH)
        .select_related("settled_by")
        .order_by("settled_at", "pk")
    )
    told = [
        Saying(answer_words(kind, q.settled), str(q.settled_by or ""), q.settled_at)
        for q in answers
    ]
    deeds = {key for q in answers for key in (q.deed.get("apart"), q.deed.get("relation")) if key}
    by_hand = [
        Saying(_("Told apart by hand"), str(row.by or _("the matching")), row.created_at)
        for row in apart_between([one, other])
        if str(row.pk) not in deeds
    ]
    return [*told, *by_hand, *ties_between(one, other, deeds)]


def _name(of: str) -> Any:
    """What a user of the system is called."""
    return Coalesce(
        NullIf(F(f"{of}__name"), Value("")), F(f"{of}__email"), output_field=TextField()
    )


def _answers_that_tied(one: uuid.UUID, other: uuid.UUID) -> QuerySet[Question, Any]:
    """Whose answer made the tie of the row around this."""
    rows = Question.objects.filter(between(one, other)).annotate(
        tied=KeyTextTransform("relation", "deed")
    )
    return rows.filter(tied=Cast(OuterRef("pk"), TextField())).values_list(_name("settled_by"))[:1]


def _trail(both: list[uuid.UUID]) -> QuerySet[AuditEntry]:
    """The audit trail's lines about the tie of the row around this, under ids of now or of before."""
    before = Alias.objects.filter(customer__in=both).values("old_id")
    made = OuterRef("created_at")
    kind = KeyTextTransform("1", KeyTransform("relation", "changes"))
    return AuditEntry.objects.annotate(tie=kind).filter(
        Q(subject_id__in=both) | Q(subject_id__in=before), verb="add_relation",
        tie=OuterRef("kind"),
        created_at__range=(made - AT_ONCE, made + AT_ONCE),
    )  # fmt: skip


def _words(row: Relation) -> str:
    """What a tie is; where it has a direction, from whom to whom."""
    label = str(RelationKind(row.kind).label)
    if row.kind == RelationKind.HOUSEHOLD:
        return label
    return f"{label}: {shown_name(row.from_customer.name)} → {shown_name(row.to_customer.name)}"


def _who(row: Any) -> str:
    """Who made a tie: who answered, who wrote it down, else the matching."""
    if row.answered or row.added:
        return str(row.answered or row.added)
    return _("a program") if row.written else _("the matching")
