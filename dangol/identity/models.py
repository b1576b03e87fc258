"""What the matching knows: records as they are compared, what it learned, decided, asked, merged."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dangol.core.rows import Row
from dangol.customers.models import Customer, SourceRecord


class Model(Row):
    """Parameters that were learned, by version; the newest that is not ended is in use."""

    kind = models.CharField(max_length=12, default="person")
    version = models.PositiveIntegerField()
    parameters = models.JSONField()
    join_from = models.FloatField()
    """Bits from which two records are joined without anybody's look."""
    review_from = models.FloatField()
    records = models.PositiveIntegerField(default=0)
    """How many it was learned from; 0 for the one that the product brings."""
    labels = models.PositiveIntegerField(default=0)
    """How many answers of stewards its thresholds were set by; 0 for none."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="model_version")]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"


class Link(models.Model):
    """Why two records belong to one customer: a branch of the tree that holds its records together."""

    id = models.BigAutoField(primary_key=True)
    record = models.ForeignKey(SourceRecord, models.CASCADE, related_name="links")
    """The one that came later."""
    other = models.ForeignKey(SourceRecord, models.CASCADE, related_name="links_to")
    weight = models.FloatField()
    steps = models.JSONField(default=list)
    """[comparison, level, bits] of each bar of the waterfall."""
    model = models.ForeignKey(Model, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "other"], name="link_once")]

    def __str__(self) -> str:
        return f"{self.record_id}–{self.other_id}"


class Answer(models.TextChoices):
    """What a steward says of two records."""

    SAME = "same", _("One person")
    HOUSEHOLD = "household", _("One household, two people")
    APART = "apart", _("Two people")
    UNSURE = "unsure", _("Cannot tell")


class QuestionWhy(models.TextChoices):
    """Why a pair was not decided by itself."""

    WEIGHT = "weight", _("The evidence is not enough")
    GIVEN = "given", _("Each is known by another name")
    BIRTH = "birth", _("Each is known by another date of birth")
    GENDER = "gender", _("One is a man, the other a woman")
    NAME = "name", _("Much is the same, but not the name")
    REGISTRATION = "registration", _("Each has a business number of its own")
    CORPORATE = "corporate", _("Each has a corporate number of its own")
    BRANCH = "branch", _("Each names another branch")
    CUSTOMERS = "customers", _("Both are customers already")
    AUDIT = "audit", _("Drawn by lot to check automatic decisions")


class SecondLook(models.TextChoices):
    """Whether a second steward is asked the same, by lot."""

    NONE = "", _("Not drawn")
    WANTED = "wanted", _("Waits for a second steward")
    DONE = "done", _("Answered twice")


class Question(Row):
    """Two records that the steward decides on; a is the older one."""

    a = models.ForeignKey(SourceRecord, models.CASCADE, related_name="+")
    b = models.ForeignKey(SourceRecord, models.CASCADE, related_name="+")
    why = models.CharField(max_length=12, choices=QuestionWhy)
    weight = models.FloatField()
    steps = models.JSONField(default=list)
    gain = models.FloatField(default=0)
    """What the answer is worth: how many records it settles, times how unsure the model is."""
    model = models.ForeignKey(Model, models.PROTECT, null=True, related_name="+")
    settled = models.CharField(max_length=10, choices=Answer, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    second = models.CharField(max_length=6, choices=SecondLook, blank=True, default="")
    deed = models.JSONField(default=dict)
    """What the answer did, so that it can be taken back: merge, split, relation by key."""
    audit = models.ForeignKey(
        "identity.Audit", models.SET_NULL, null=True, related_name="questions"
    )
    stratum = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["a", "b"], name="question_once")]
        indexes = [
            models.Index(
                fields=["-gain", "id"], condition=models.Q(settled=""), name="question_open"
            ),
            models.Index(
                fields=["-gain", "id"],
                condition=models.Q(second="wanted"),
                name="question_second",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.a_id}–{self.b_id}"


class Label(Row):
    """One steward's answer to a question; several may answer the same one."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="labels")
    answer = models.CharField(max_length=10, choices=Answer)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["question", "by"], name="label_once")]

    def __str__(self) -> str:
        return self.answer


class Apart(Row):
    """Two records of which a person said that they are two customers: no run joins these again.

    It holds for the customers that have the records now; a person may still merge them by hand.
    """

    a = models.ForeignKey(SourceRecord, models.CASCADE, related_name="+")
    b = models.ForeignKey(SourceRecord, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["a", "b"], name="apart_once")]

    def __str__(self) -> str:
        return f"{self.a_id}≠{self.b_id}"


class Merge(Row):
    """Two customers that became one, with everything that moved, so that it can be undone for ever."""

    survivor = models.ForeignKey(
        Customer, models.SET_NULL, null=True, related_name="+", db_constraint=False
    )
    """Who holds it now."""
    survivor_key = models.UUIDField()
    """The survivor's id then: it may have been merged away itself since."""
    merged_key = models.UUIDField()
    """The id of the customer that was taken in."""
    name = models.CharField(max_length=120)
    """Its name then, for the list of merges."""
    rows = models.JSONField(default=list)
    """[table, column, [keys]] of every row that moved to the survivor."""
    kept = models.JSONField(default=list)
    """[model, fields] of rows that could not move (the customer itself, doubles): whole, for undoing."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="merges")
    ended = models.JSONField(default=list)
    """[table, column, [keys]] of rows that ended because both had the same."""
    before = models.JSONField(default=dict)
    """Fields of the survivor as they were before, for values that leave with their records."""
    consents = models.JSONField(null=True)
    """Consent: what the survivor and the other one had said, so that undoing widens none."""
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["survivor_key"], name="merge_survivor"),
            models.Index(fields=["merged_key"], name="merge_merged"),
        ]

    def __str__(self) -> str:
        return f"{self.merged_key} → {self.survivor_key}"


class Split(Row):
    """Records of a customer that became a customer of their own."""

    customer_key = models.UUIDField()
    """The customer whom they were taken from."""
    new_key = models.UUIDField()
    name = models.CharField(max_length=120)
    records = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    """[table, column, [keys]] of what went with them."""
    copied = models.JSONField(default=list)
    """Contact points that both needed: the keys of those that either got as its own."""
    reopened = models.JSONField(default=dict)
    """Contact points that had ended and were in use again with one of the two: since when they had."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    question = models.ForeignKey(Question, models.SET_NULL, null=True, related_name="splits")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.customer_key} → {self.new_key}"


class RunKind(models.TextChoices):
    """What a run compares."""

    NEW = "new", _("New and changed records")
    FULL = "full", _("All records")


WHO_IS_WHO = "identity.who_is_who"
"""The work of changing whose a record is: done by one at a time (see core.alone.in_turn)."""


class Run(Row):
    """One run of the matching: what it read, compared, joined and asked."""

    kind = models.CharField(max_length=4, choices=RunKind)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    """records, pairs, joined, made, asked, households, refused, strange."""
    failure = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    model = models.ForeignKey(Model, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d %H:%M}"


from dangol.identity.audits.models import (  # noqa: E402 - found by Django here
    Audit,  # noqa: F401
    BlockCost,  # noqa: F401
    Counted,  # noqa: F401
)
from dangol.identity.recognising.models import (  # noqa: E402
    BlockKey,  # noqa: F401
    Building,  # noqa: F401
    Reading,  # noqa: F401
)
