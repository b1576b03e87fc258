"""What people keep of their analyses: views, subscriptions, goals, watches and the issues they open."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dangol.core.roles import Role
from dangol.core.rows import Row
from dangol.places.models import Place


class Sharing(models.TextChoices):
    """Who else may open a view; everybody sees the figures of the own places only."""

    NONE = "none", _("Only me")
    ROLES = "roles", _("These roles")
    EVERYONE = "everyone", _("Everyone who may analyse")


class View(Row):
    """A question under a name; its address is its state."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cube_views")
    name = models.CharField(_("name"), max_length=80)
    address = models.TextField()
    sharing = models.CharField(_("sharing"), max_length=10, choices=Sharing, default=Sharing.NONE)
    roles = ArrayField(models.CharField(max_length=20, choices=Role), default=list, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=Q(ended_at=None), name="cube_view_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Every(models.TextChoices):
    """How often a view is mailed."""

    DAY = "day", _("Every day")
    WEEK = "week", _("Every Monday")
    MONTH = "month", _("Every first of the month")


class Subscription(Row):
    """A view by mail at a set hour, with the figures of the subscriber's own places."""

    view = models.ForeignKey(View, models.PROTECT, related_name="subscriptions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="cube_subscriptions"
    )
    every = models.CharField(_("rhythm"), max_length=10, choices=Every, default=Every.DAY)
    hour = models.PositiveSmallIntegerField(
        _("hour"), default=8, validators=[MinValueValidator(0), MaxValueValidator(23)]
    )
    xlsx = models.BooleanField("XLSX", default=True)
    pdf = models.BooleanField("PDF", default=True)
    sent_on = models.DateField(null=True, blank=True)
    """The company's day for which it was sent last: a day is never sent twice."""
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["view", "user"], condition=Q(ended_at=None), name="cube_subscription_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.view} → {self.user}"


class Goal(Row):
    """What a figure of a place is to be within a span of days."""

    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    subject = models.CharField(max_length=30)
    measure = models.CharField(max_length=30)
    filters = models.JSONField(default=dict, blank=True)
    """Members by dimension, as a question has them."""
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("place"))
    value = models.FloatField(_("goal"))
    first = models.DateField(_("from"))
    last = models.DateField(_("until"))
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(first__lte=models.F("last")), name="goal_days_order")
        ]

    def __str__(self) -> str:
        if self.name_en and (get_language() or "").startswith("en"):
            return self.name_en
        return self.name


class Test(models.TextChoices):
    """How a watch decides."""

    ABOVE = "above", _("Above a threshold")
    BELOW = "below", _("Below a threshold")
    SUDDEN = "sudden", _("Sudden change: last week against the eight before")


class Watch(Row):
    """Looks at each row of a question and opens an issue where its test says so."""

    name = models.CharField(_("name"), max_length=80)
    address = models.TextField()
    measure = models.CharField(max_length=30)
    test = models.CharField(_("test"), max_length=10, choices=Test)
    threshold = models.FloatField(_("threshold"), null=True, blank=True)
    least = models.PositiveIntegerField(
        _("at least so many"), default=10, help_text=_("Rows with fewer facts are not judged.")
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cube_watches")
    """Whose scope the figures have, and whose the issues are."""
    hours = models.PositiveSmallIntegerField(
        _("hours to act"), default=48, validators=[MinValueValidator(1), MaxValueValidator(720)]
    )
    looked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(test="sudden") | Q(threshold__isnull=False), name="watch_has_threshold"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Issue(Row):
    """Something that a watch found: whose it is, until when, and what came of it."""

    watch = models.ForeignKey(Watch, models.PROTECT, related_name="issues")
    member = models.CharField(max_length=200, blank=True)
    """Keys of the row's members; empty: the whole."""
    label = models.CharField(max_length=200)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+")
    address = models.TextField()
    """Leads to the figures of the row."""
    value = models.FloatField()
    expected = models.FloatField(null=True, blank=True)
    evidence = models.JSONField(default=dict)
    """The named test, its statistic and its probability."""
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cube_issues")
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    words = models.TextField(_("what was found and done"), blank=True)

    class Meta:
        ordering = ["due_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["watch", "member"], condition=Q(closed_at=None), name="one_open_issue"
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(closed_at=None), name="issue_open_due"),
        ]

    def __str__(self) -> str:
        return f"{self.watch}: {self.where}"

    @property
    def where(self) -> str:
        """The row; one of a place alone by its name in the reader's language."""
        alone = self.place is not None and self.member == self.place.code
        return str(self.place) if alone else self.label
