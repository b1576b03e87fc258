"""Questionnaires with their versions, the answers given to them, and the sums that figures are read from."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dangol.core.rows import Row
from dangol.customers.models import Customer
from dangol.interactions.models import Channel, Interaction, Questionnaire, Thread
from dangol.places.models import Place


class Process(models.TextChoices):
    """What the customer lived through, and is asked about."""

    PRODUCT = "product", pgettext_lazy("process", "Product")
    SALES = "sales", pgettext_lazy("process", "Sales")
    SERVICE = "service", pgettext_lazy("process", "Service")
    CONFIRMATION = "confirmation", pgettext_lazy("process", "Confirmation")
    OTHER = "other", pgettext_lazy("process", "Other")


INDEX_PROCESSES = [Process.SALES, Process.SERVICE, Process.PRODUCT]
"""The processes that have an index, in the order of the boards."""


class Survey(models.Model):
    """The inside of a questionnaire: what is asked, in versions; its name lies in `interactions`."""

    questionnaire = models.OneToOneField(
        Questionnaire, models.PROTECT, primary_key=True, related_name="survey"
    )
    key = models.SlugField(_("key"), max_length=60, unique=True)
    process = models.CharField(_("process"), max_length=20, choices=Process)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created_at"]

    def __str__(self) -> str:
        return str(self.questionnaire)

    @property
    def title(self) -> str:
        """Its Korean name."""
        return self.questionnaire.title

    @property
    def title_en(self) -> str:
        """Its English name, empty where nobody gave one."""
        return self.questionnaire.title_en


class Version(Row):
    """One wording of a survey; from the day it is published it is never edited (a trigger sees to it)."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField(default=list)
    """The questions in order, see README.md for their fields."""
    revision = models.PositiveIntegerField(default=1)
    """Counts the changes of a draft, so that no edit is lost silently."""
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "number"], name="version_number"),
            models.UniqueConstraint(
                fields=["survey"],
                condition=models.Q(published_at=None),
                name="version_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.number}"


class Index(Row):
    """How the items of a process are weighed into one figure; new weights are a new row from then on."""

    process = models.CharField(max_length=20, choices=Process)
    number = models.PositiveIntegerField()
    items = models.JSONField(default=list)
    """[{"key": "explanation", "text": {"ko": …, "en": …}, "weight": 20}, …]"""
    defined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["process", "number"], name="index_number")]

    def __str__(self) -> str:
        return f"{self.process} {self.number}"

    @property
    def weights(self) -> dict[str, int]:
        """Item key → weight."""
        return {item["key"]: item["weight"] for item in self.items}


class Response(Row):
    """One customer's answers to one version, in one thread; done, corrected, or withdrawn with who and when."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="responses")
    version = models.ForeignKey(Version, models.PROTECT, related_name="responses")
    index = models.ForeignKey(Index, models.PROTECT, null=True, related_name="+")
    """The weights that were in force when it was completed."""
    thread = models.ForeignKey(Thread, models.PROTECT, null=True, related_name="+", db_index=False)
    interaction = models.ForeignKey(
        Interaction, models.PROTECT, null=True, related_name="+", db_index=False
    )
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+", db_index=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_index=False)
    process = models.CharField(_("process"), max_length=20, choices=Process)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    completed_at = models.DateTimeField(null=True)
    day = models.DateField(null=True)
    """The day of completion where the place is."""
    corrected_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["place", "process", "day"], name="response_place_day"),
            models.Index(
                models.F("completed_at").desc(nulls_last=True),
                models.F("id").desc(),
                name="response_completed",
            ),
            models.Index(
                models.F("place"),
                models.F("completed_at").desc(nulls_last=True),
                models.F("id").desc(),
                name="response_place_completed",
            ),
            models.Index(fields=["customer", "-completed_at"], name="response_customer"),
            models.Index(fields=["thread"], name="response_thread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["interaction", "survey"],
                condition=models.Q(interaction__isnull=False),
                name="response_once_in_a_conversation",
            ),
            models.CheckConstraint(
                condition=models.Q(completed_at=None, day=None)
                | models.Q(completed_at__isnull=False, day__isnull=False),
                name="response_day_with_completion",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.process} {self.pk}"

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The questions of the version that was asked."""
        return self.version.body


class Draft(models.Model):
    """What was typed so far; also what was sent after completion and not taken over."""

    response = models.OneToOneField(
        Response, models.CASCADE, primary_key=True, related_name="draft"
    )
    answers = models.JSONField(default=dict)
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return str(self.response_id)


class Answer(models.Model):
    """One answer. The row whose question is empty holds the respondent's own weighted index."""

    response = models.ForeignKey(Response, models.CASCADE, related_name="answers", db_index=False)
    question = models.CharField(max_length=60, blank=True)
    item = models.CharField(max_length=40, blank=True)
    value = models.JSONField(null=True)
    text = models.TextField(blank=True)
    score = models.IntegerField(null=True)
    """Thousandths of a point: 0 … 100 000."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["response", "question"], name="answer_once"),
            models.CheckConstraint(
                condition=models.Q(score=None) | models.Q(score__range=(0, 100_000)),
                name="answer_score_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.value}"


class IndexCell(models.Model):
    """Exact sums of the scores of a place and everything below it, on one day (kept by a trigger)."""

    pk = models.CompositePrimaryKey("place_id", "process", "item", "day")
    # The trigger takes the place from the tree itself, so that a check of each row would only cost.
    place = models.ForeignKey(
        Place, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    process = models.CharField(max_length=20)
    item = models.CharField(max_length=40, blank=True)
    """Empty: the respondents' own weighted index."""
    day = models.DateField()
    n = models.BigIntegerField()
    total = models.BigIntegerField()
    squares = models.BigIntegerField()

    class Meta:
        indexes = [
            # What ranks are made of: the own index of every place over the last days.
            models.Index(fields=["day"], condition=models.Q(item=""), name="cell_index_day")
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.process} {self.item} {self.day}"


class InvitationLink(Row):
    """A personal link to answer without signing in; only the hash of its token is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    response = models.ForeignKey(Response, models.CASCADE, related_name="links")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return str(self.pk)
