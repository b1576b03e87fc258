"""What is known of the quality of customer data: rates, faults, chances, and the work on them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dangol.core.rows import Row
from dangol.customers.models import ContactKind, ContactPoint, SourceRecord
from dangol.places.models import Place
from dangol.quality.measures.fields import FIELDS, ORDER


class Policy(Row):
    """What the company sets; each change is a new row, and the newest is in use."""

    verify_seconds = models.PositiveIntegerField(_("seconds for a verification"), default=35)
    """Taken until the calls themselves say it."""
    minute_cost = models.DecimalField(
        _("cost of a call minute"), max_digits=12, decimal_places=2, default=450
    )
    currency = models.CharField(_("currency"), max_length=3, default="KRW")
    fresh_days = models.PositiveIntegerField(_("days that a value stays fresh"), default=365)
    ask_from = models.FloatField(_("asked on calls from a chance of"), default=0.15)
    ask_most = models.PositiveSmallIntegerField(_("asked on one call at most"), default=2)
    task_from = models.FloatField(_("task for the site from a chance of"), default=0.3)
    tasks_a_day = models.PositiveIntegerField(_("new tasks a day and site"), default=5)
    task_minutes = models.PositiveIntegerField(_("working minutes for a task"), default=1440)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"


class Look(Row):
    """One look at all data: the night's, or one that somebody asked for."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked = models.BooleanField(default=False)
    """Somebody asked for it; else it was the night's."""
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=10, blank=True)
    done = models.PositiveSmallIntegerField(default=0)
    """How many steps are done."""
    failure = models.CharField(max_length=500, blank=True)
    """Why it ended before its end; `lost` when its worker did."""

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"


class VerificationTime(Row):
    """By how many seconds one more verification lengthens a call, as the calls of a quarter said."""

    seconds = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    calls = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.seconds:.0f} s"


class Tried(models.Model):
    """Checks of one month counted by site, source, kind and the age of what was tried."""

    id = models.BigAutoField(primary_key=True)
    month = models.DateField()
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    source = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, choices=ContactKind)
    age = models.PositiveSmallIntegerField()
    """Place in `tried.ages.AGES`."""
    tried = models.BigIntegerField()
    wrong = models.BigIntegerField()
    corrected = models.BigIntegerField(default=0)
    """Of the wrong ones those for which the customer has a verified value of the kind since."""

    class Meta:
        indexes = [
            models.Index(
                fields=["month"],
                include=["place", "source", "kind", "age", "tried", "wrong", "corrected"],
                name="tried_read",
            )
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.kind} {self.wrong}/{self.tried}"


class TriedWhole(models.Model):
    """The same counts of a month for the whole company: by site alone, and by everything else."""

    id = models.BigAutoField(primary_key=True)
    month = models.DateField()
    by_site = models.BooleanField()
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    source = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, blank=True)
    age = models.PositiveSmallIntegerField(null=True)
    tried = models.BigIntegerField()
    wrong = models.BigIntegerField()
    corrected = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["month"], name="tried_whole_month")]

    def __str__(self) -> str:
        return f"{self.month} {self.wrong}/{self.tried}"


class DecayModel(Row):
    """How contact points go wrong, learned on one day; the newest is in use."""

    parameters = models.JSONField()
    """{name: [value, standard error]} of logarithms of rates a year; see decay/hazard.py."""
    checks = models.PositiveIntegerField()
    """How many checks it was learned from; 0: the published rates alone."""
    wrong = models.PositiveIntegerField()
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    report = models.JSONField(default=dict)
    """The test on checks that it had not seen, and the survival that was observed."""

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"


class Risk(models.Model):
    """The chance that a contact point in use is wrong now. A figure, not a flag; made anew nightly."""

    contact_point = models.OneToOneField(
        ContactPoint, models.CASCADE, primary_key=True, related_name="risk"
    )
    place = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="+", db_index=False)
    """The customer's home site when it was counted."""
    kind = models.CharField(max_length=10, choices=ContactKind)
    chance = models.FloatField()
    right_at = models.DateTimeField(null=True)
    """When it was last known to be right, or began to be known; None: nobody knows its age."""
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["place", "-chance"], name="risk_of_site"),
            models.Index(fields=["-chance", "contact_point"], name="risk_all"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_point_id} {self.chance:.2f}"


class Standing(models.Model):
    """What is expected of all contact points of a kind on one day: how many there are, how many wrong."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=ContactKind)
    points = models.BigIntegerField()
    known_wrong = models.BigIntegerField()
    """Found wrong and not yet replaced."""
    expected_wrong = models.FloatField()
    """The sum of the chances of the others."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "kind"], name="standing_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class Faults(models.Model):
    """What is wrong with one source record, as bits (`measures.fields.BIT`); figures are their counts."""

    record = models.OneToOneField(
        SourceRecord, models.CASCADE, primary_key=True, related_name="faults"
    )
    source = models.CharField(max_length=40)
    place = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="+", db_index=False)
    bits = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["source", "record"], include=["bits"], name="faults_of_source"),
            models.Index(fields=["place", "record"], include=["bits"], name="faults_of_site"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.bits:b}"

    @property
    def named(self) -> list[tuple[str, str]]:
        """Each fault as (field, fault)."""
        return [pair for pair, at in ORDER.items() if self.bits >> at & 1]

    @property
    def refused(self) -> list[tuple[str, str, str]]:
        """Cells of measured fields that reading refused, as (field, why, cell)."""
        return [(f, why, cell) for f, why, cell in self.record.refused or [] if f in FIELDS]


class Measure(models.Model):
    """One field of one source counted on one day; rows of sites are kept of the last day alone."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    source = models.CharField(max_length=40)
    place = models.ForeignKey(Place, models.CASCADE, null=True, related_name="+", db_index=False)
    """None: the whole company."""
    field = models.CharField(max_length=12)
    records = models.BigIntegerField()
    filled = models.BigIntegerField()
    valid = models.BigIntegerField()
    shared = models.BigIntegerField()
    """Values that another record of the same source has too."""
    fresh = models.BigIntegerField()
    compared = models.BigIntegerField()
    """Values of customers whom more than one source knows."""
    agreeing = models.BigIntegerField()
    """Those of them that are what the golden record says."""

    class Meta:
        indexes = [
            models.Index(fields=["day", "place"], name="measure_read"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.source} {self.field}"


class TaskOutcome(models.TextChoices):
    """What came of a correction task."""

    VERIFIED = "verified", pgettext_lazy("contact point", "Verified")
    CORRECTED = "corrected", _("Corrected")
    WRONG = "wrong", pgettext_lazy("contact point", "Wrong")
    MOVED = "moved", pgettext_lazy("contact point", "Moved")
    UNREACHED = "unreached", _("Nobody reached")
    GONE = "gone", _("No longer in use")
    IMPROBABLE = "improbable", _("No longer probably wrong")
    ELSEWHERE = "elsewhere", _("Customer of another site now")


class CorrectionTask(Row):
    """A site asks its customer whether a contact point still holds. Its clock runs in working minutes."""

    contact_point = models.ForeignKey(ContactPoint, models.CASCADE, related_name="correction_tasks")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("site"))
    chance = models.FloatField()
    """The chance of being wrong that made it a task."""
    due_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    """Who asked for it; None: a night made it."""
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    outcome = models.CharField(max_length=12, choices=TaskOutcome, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact_point"], condition=Q(closed_at=None), name="correction_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["place", "due_at"], condition=Q(closed_at=None), name="correction_open"
            ),
            models.Index(fields=["closed_at"], name="correction_closed"),
            models.Index(fields=["-created_at", "id"], name="correction_made"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_point_id} {self.outcome}"

    @property
    def chance_now(self) -> float:
        """Of an open task the chance as it was counted last; of a closed one what made it a task."""
        risk = None if self.closed_at else getattr(self.contact_point, "risk", None)
        return risk.chance if risk else self.chance
