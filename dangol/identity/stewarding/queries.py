"""Which pairs a steward may see, and which comes next."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Manager,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import RawSQL
from django.utils import timezone

from dangol.core.models import User
from dangol.customers.models import Alias, Customer
from dangol.customers.queries import customers_visible_to
from dangol.identity.models import (
    Answer,
    Label,
    Merge,
    Question,
    QuestionWhy,
    SecondLook,
    Split,
)
from dangol.places.scope import scoped


def questions_visible_to(user: User, ability: str = "matching.see") -> QuerySet[Question]:
    """Questions of which the person may see both customers."""
    rows: QuerySet[Question] = Question.objects.filter(
        a__customer__isnull=False, b__customer__isnull=False
    )
    for needed in (ability, "customers.see"):
        for side in ("a", "b"):
            rows = scoped(rows, user, needed, f"{side}__customer__home_place")
    return rows


def between(one: uuid.UUID, other: uuid.UUID) -> Q:
    """Questions about records of these two customers."""
    return Q(a__customer=one, b__customer=other) | Q(a__customer=other, b__customer=one)


def others_between(question: Question) -> QuerySet[Question]:
    """Other open questions about the same two customers: whoever answers one answers them all.

    Samples are left out: they ask about the pair of records that was drawn.
    """
    a, b = question.a.customer_id, question.b.customer_id
    if a is None or b is None or a == b:
        return Question.objects.none()
    rows = Question.objects.filter(between(a, b), settled="").exclude(pk=question.pk)
    return rows.exclude(why=QuestionWhy.AUDIT).order_by("pk")


ONE = Q(a__customer=F("b__customer"))
BY_ITSELF = Q(settled="") & ONE & ~Q(why=QuestionWhy.AUDIT)
"""Nobody answered, and both became one customer by other ways: it is not asked until that is undone."""


CONTRADICTED = Q(why=QuestionWhy.AUDIT, deed={}) & (
    (Q(settled=Answer.SAME) & ~ONE) | (Q(settled__in=[Answer.APART, Answer.HOUSEHOLD]) & ONE)
)
"""Samples that were answered otherwise than it stands, and nobody acted on it: as `contradicted`."""


def to_put_right(user: User) -> QuerySet[Question]:
    """Samples that show a wrong decision that still stands; none that somebody is yet to look at."""
    return questions_visible_to(user).filter(CONTRADICTED).exclude(second=SecondLook.WANTED)


def open_pairs(rows: QuerySet[Question] | Manager[Question]) -> QuerySet[Question]:
    """Pairs that the matching asked about and that wait for somebody; samples are left out."""
    return rows.filter(settled="").exclude(BY_ITSELF).exclude(why=QuestionWhy.AUDIT)


PARTS = {"asked": ~Q(why=QuestionWhy.AUDIT), "lot": Q(why=QuestionWhy.AUDIT)}
"""What waits at the desk: what the matching asked, and what was drawn by lot."""


def queue_of(user: User, part: str = "") -> QuerySet[Question]:
    """What this steward is asked, or a part of it: the most gain first; what others answered stays
    unseen."""
    mine = Label.objects.filter(question=OuterRef("pk"), by=user)
    waiting = (Q(settled="") & ~BY_ITSELF) | Q(second=SecondLook.WANTED)
    rows = questions_visible_to(user).filter(waiting, PARTS.get(part, Q())).exclude(Exists(mine))
    return rows.order_by("-gain", "id")


def day_of(user: User) -> tuple[dict[str, int], int]:
    """How many pairs of each part wait for this steward, and how many they answered today; one query."""
    drawn = Case(When(PARTS["lot"], then=Value("lot")), default=Value("asked"))
    waiting = queue_of(user).order_by().values(part=drawn).annotate(n=Count("pk"))
    answered = answers_of_today(user).order_by().values(part=Value("today")).annotate(n=Count("pk"))
    counts = dict(waiting.union(answered, all=True).values_list("part", "n"))
    today = counts.pop("today", 0)
    return {part: counts.get(part, 0) for part in PARTS}, today


def parts_of(user: User) -> dict[str, int]:
    """How many pairs of each part wait for this steward."""
    return day_of(user)[0]


def after(queue: QuerySet[Question], question: Question) -> Question | None:
    """The next pair of the queue, as far as there is one."""
    beyond = Q(gain__lt=question.gain) | Q(gain=question.gain, pk__gt=question.pk)
    return queue.filter(beyond).first()


def before(queue: QuerySet[Question], question: Question) -> Question | None:
    """The pair before this one."""
    earlier = Q(gain__gt=question.gain) | Q(gain=question.gain, pk__lt=question.pk)
    return queue.filter(earlier).order_by("gain", "-id").first()


def with_records(rows: QuerySet[Question]) -> QuerySet[Question]:
    """Questions with their records and customers, read at once."""
    return rows.select_related("a__customer", "b__customer", "model")


OWNER = "(SELECT customer_id FROM customers_sourcerecord WHERE id = identity_question.{side}_id)"
RECORDS = "(SELECT count(*) FROM customers_sourcerecord r WHERE r.customer_id = " + OWNER + ")"
BOTH = f"ARRAY[{OWNER.format(side='a')}, {OWNER.format(side='b')}]"
OTHERS = f"""(SELECT count(*) FROM customers_sourcerecord oa
    JOIN identity_question o ON o.a_id = oa.id JOIN customers_sourcerecord ob ON ob.id = o.b_id
    WHERE oa.customer_id = ANY({BOTH}) AND ob.customer_id = ANY({BOTH})
      AND oa.customer_id <> ob.customer_id AND o.settled = '' AND o.why <> 'audit'
      AND o.id <> identity_question.id)"""


def with_sizes(rows: QuerySet[Question]) -> QuerySet[Question]:
    """Questions with what their answers act upon: how many records either customer has, and how many
    other open questions are about the same two (as `others_between`)."""
    return rows.annotate(
        a_records=RawSQL(RECORDS.format(side="a"), [], IntegerField()),
        b_records=RawSQL(RECORDS.format(side="b"), [], IntegerField()),
        others=RawSQL(OTHERS, [], IntegerField()),
    )


def merges_visible_to(user: User, ability: str = "matching.see") -> QuerySet[Merge]:
    """Merges whose survivor (or whoever took it in since) the person may see; of those that were
    undone both customers."""
    rows: QuerySet[Merge] = Merge.objects.all()
    for needed in (ability, "customers.see"):
        rows = scoped(rows, user, needed, "survivor__home_place")
    return rows.filter(Q(undone_at=None) | seen(user, ability, "merged_key"))


def splits_visible_to(user: User, ability: str = "matching.see") -> QuerySet[Split]:
    """Splits of which the person may see both customers, also under an id of before."""
    both = seen(user, ability, "customer_key") & seen(user, ability, "new_key")
    return Split.objects.filter(both)


def seen(user: User, ability: str, column: str) -> Q:
    """Whether the person may see the customer of this key, or who has it now."""
    mine = (
        customers_visible_to(user, ability)
        if user.can("customers.see")
        else Customer.objects.none()
    )
    since = Alias.objects.filter(old_id=OuterRef(column), customer__in=mine.values("pk"))
    return Q(Exists(mine.filter(pk=OuterRef(column)))) | Q(Exists(since))


def answers_of_today(user: User, at: dt.datetime | None = None) -> QuerySet[Label]:
    """What the person answered today, the latest first."""
    start = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return Label.objects.filter(by=user, created_at__gte=start).order_by("-created_at", "-pk")
