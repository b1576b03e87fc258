"""Score models, what they learned, what they say of each customer, and the work that was done."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dangol.core.rows import Row
from dangol.customers.models import Customer
from dangol.scores.lack import Lack


class Kind(models.TextChoices):
    """What is scored."""

    RFM = "rfm", pgettext_lazy("score", "RFM")
    VALUE = "value", pgettext_lazy("score", "Value")
    CHURN = "churn", pgettext_lazy("score", "Churn")
    NEXT = "next", pgettext_lazy("score", "Next product")
    VOICE = "voice", pgettext_lazy("score", "Voice of the customer")


class Every(models.TextChoices):
    """How often a model runs by itself."""

    NEVER = "", pgettext_lazy("schedule", "Only by hand")
    DAY = "day", pgettext_lazy("schedule", "Every day")
    WEEK = "week", pgettext_lazy("schedule", "Every week")
    MONTH = "month", pgettext_lazy("schedule", "Every month")


class ScoreModel(Row):
    """One score that the company keeps of its customers."""

    kind = models.CharField(max_length=10, choices=Kind)
    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    settings = models.JSONField(default=dict)
    score_every = models.CharField(max_length=8, choices=Every, blank=True, default=Every.DAY)
    learn_every = models.CharField(max_length=8, choices=Every, blank=True, default=Every.MONTH)
    champion = models.ForeignKey(
        "ModelVersion", models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return (english and self.name_en) or self.name


class ModelVersion(Row):
    """What a model learned once: parameters, from which days, and how it did on days that it had not seen."""

    model = models.ForeignKey(ScoreModel, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    algorithm = models.CharField(max_length=40)
    parameters = models.JSONField(default=dict)
    metrics = models.JSONField(default=dict)
    """Figures of the back-test by name."""
    report = models.JSONField(default=dict)
    """Courses and tables of the back-test, as the page draws them."""
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    lake_version = models.PositiveBigIntegerField()
    promoted_at = models.DateTimeField(null=True)
    promoted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["model", "number"], name="score_version_number")
        ]

    def __str__(self) -> str:
        return f"{self.model_id} {self.number}"


class ModelWeights(models.Model):
    """The large part of a version, read only by what scores: arrays, compressed."""

    version = models.OneToOneField(
        ModelVersion, models.CASCADE, primary_key=True, related_name="weights"
    )
    body = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.version_id}: {len(self.body)}"


class Run(Row):
    """One piece of work: learn, score, or both; at most one of a model is open."""

    model = models.ForeignKey(ScoreModel, models.PROTECT, related_name="runs", db_index=False)
    learn = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.ForeignKey(ModelVersion, models.PROTECT, null=True, related_name="+")
    """What was learned, or what scored; a run that is taken up again does not learn twice."""
    learned_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lake_version = models.PositiveBigIntegerField(null=True)
    as_of = models.DateField(null=True)
    doing = models.CharField(max_length=40, blank=True)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    customers = models.PositiveBigIntegerField(default=0)
    changed = models.PositiveBigIntegerField(default=0)
    summary = models.JSONField(default=dict)
    """What the page shows of the whole company: sizes of cells, drift, what was left out.

    Of a run that found too little: how many facts there were."""
    failure = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["model", "-created_at"], name="score_run_created")]
        constraints = [
            models.UniqueConstraint(
                fields=["model"], condition=Q(finished_at=None), name="score_run_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.model_id} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def state(self) -> str:
        """waiting, running, finished, failed, or lacking: there was too little to go on."""
        if self.failure:
            return "lacking" if self.failure in list(Lack) else "failed"
        if self.finished_at:
            return "finished"
        return "running" if self.started_at else "waiting"

    @property
    def seconds(self) -> float | None:
        """How long it took, or has taken so far."""
        if self.started_at is None:
            return None
        return ((self.finished_at or timezone.now()) - self.started_at).total_seconds()


class Score(Row):
    """What a model says of one customer; written anew only when it changed."""

    model = models.ForeignKey(ScoreModel, models.PROTECT, related_name="scores", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="scores")
    value = models.FloatField()
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    cell = models.CharField(max_length=40, blank=True)
    before = models.CharField(max_length=40, blank=True)
    """The cell before this one."""
    reasons = models.JSONField(default=list)
    at = models.DateTimeField()
    """When it came to be what it is."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "customer"], name="score_model_customer")
        ]
        indexes = [
            models.Index(F("model"), F("value").desc(), F("id").desc(), name="score_value"),
            models.Index(fields=["model", "cell"], name="score_cell"),
        ]

    def __str__(self) -> str:
        return f"{self.value:g} {self.cell}"


class Move(Row):
    """How many customers went from one cell to another in one run; empty: they came, or left."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="moves")
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    customers = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "before", "after"], name="score_move")
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}: {self.customers}"


from dangol.scores.return_models import Exposure, Outcome, Use  # noqa: E402, F401 - found by Django here
