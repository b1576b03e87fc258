"""Segments with their versions, who is in them, who came and went, and uploaded lists."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dangol.core.rows import Row
from dangol.customers.models import Customer
from dangol.places.models import Place

USER = settings.AUTH_USER_MODEL


class Segment(Row):
    """A named rule, and how it stood when it was last counted."""

    name = models.CharField(_("name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100, blank=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="+", verbose_name=_("place"),
        help_text=_("Only customers whose home site lies at or below this place."),
    )  # fmt: skip
    owner = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    revision = models.PositiveIntegerField(default=1, editable=False)
    size = models.PositiveIntegerField(null=True, editable=False)
    counted_at = models.DateTimeField(null=True, editable=False)
    filled_at = models.DateTimeField(null=True, editable=False)
    """The first count over a lake that knew anybody: from then on customers enter and leave."""
    counted_on = models.DateField(null=True, editable=False)
    """The day for which the rule was asked."""
    counted_number = models.PositiveIntegerField(null=True, editable=False)
    """The version that was asked."""
    lake_version = models.PositiveBigIntegerField(null=True, editable=False)
    mark = models.UUIDField(null=True, editable=False)
    """Names the file of members that is as the rows of Membership are."""
    failure = models.CharField(max_length=500, blank=True, editable=False)
    """Why it could not be counted last time."""

    class Meta:
        ordering = ["name"]
        indexes = [models.Index(fields=["name", "id"], name="segment_by_name")]

    def __str__(self) -> str:
        if self.name_en and (get_language() or "").startswith("en"):
            return self.name_en
        return self.name


class SegmentVersion(Row):
    """A rule as it was from one moment on; never edited."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    rule = models.JSONField()
    by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["segment", "number"], name="segment_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.segment_id} v{self.number}"


class Membership(models.Model):
    """A customer is in a segment since a day."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="members", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    since = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "customer"], name="member_once")]
        indexes = [models.Index(fields=["customer", "segment"], name="member_by_customer")]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.segment_id}"


class Change(models.Model):
    """A customer came into a segment or left it; positions are visible in their order."""

    position = models.BigAutoField(primary_key=True)
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="changes", db_index=False)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")
    entered = models.BooleanField()
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["segment", "position"], name="change_by_position"),
            models.Index(fields=["segment", "day", "entered"], name="change_by_day"),
        ]

    def __str__(self) -> str:
        return f"{'+' if self.entered else '-'}{self.customer_id} {self.day}"


class SizeDay(models.Model):
    """How large a segment was at the end of a day, how many came and went."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="sizes", db_index=False)
    day = models.DateField()
    size = models.PositiveIntegerField()
    entered = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "day"], name="size_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.size}"


class Subscription(models.Model):
    """How far a subscriber has read a segment's changes."""

    name = models.CharField(max_length=80)
    segment = models.ForeignKey(Segment, models.CASCADE, related_name="subscriptions")
    position = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "segment"], name="subscribed_once")]

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"


class Refresh(Row):
    """One recounting of segments: what was counted, how far it is, how it ended."""

    by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    lake_version = models.PositiveBigIntegerField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    entered = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    failure = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["-created_at"], name="refresh_created")]

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d %H:%M}"


class CustomerList(Row):
    """A file of customer numbers, phones or e-mail addresses, and whom it named."""

    name = models.CharField(_("name"), max_length=100)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", verbose_name=_("place"))
    owner = models.ForeignKey(
        USER, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    file_name = models.CharField(max_length=200, blank=True)
    read = models.PositiveIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    refusals = models.JSONField(default=list, blank=True, editable=False)
    """The first refused lines: [number, what it said, why]."""
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def repeated(self) -> int:
        """Lines that named a customer whom another line had named."""
        return max(0, self.read - self.taken - self.refused)


class Listed(models.Model):
    """A customer named by a list."""

    list = models.ForeignKey(CustomerList, models.CASCADE, related_name="listed")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "customer"], name="listed_once")]

    def __str__(self) -> str:
        return f"{self.customer_id}"
