"""What was done with a score or a segment, to whom, and what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dangol.core.rows import Row
from dangol.customers.models import Customer
from dangol.scores.models import ScoreModel


class Use(Row):
    """One use of a cell of a score, or of a segment: some are treated, some are held out by lot."""

    name = models.CharField(_("name"), max_length=120)
    model = models.ForeignKey(ScoreModel, models.PROTECT, null=True, related_name="uses")
    segment_id = models.UUIDField(null=True)
    cell = models.CharField(_("cell"), max_length=40, blank=True)
    hold_out = models.FloatField(_("share held out"))
    days = models.PositiveIntegerField(_("days watched"))
    started_at = models.DateTimeField(default=timezone.now)
    counted_at = models.DateTimeField(null=True)
    """When outcomes were counted last."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    """Since when it is watched no more, though its days are not over."""
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(hold_out__gt=0, hold_out__lt=1), name="use_hold_out_is_a_share"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Exposure(models.Model):
    """One customer of a use: treated or held out, and what they spent in as many days before."""

    pk = models.CompositePrimaryKey("use_id", "customer_id")
    use = models.ForeignKey(Use, models.CASCADE, related_name="exposures", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    held_out = models.BooleanField()
    at = models.DateTimeField()
    before = models.FloatField(default=0)

    def __str__(self) -> str:
        return f"{self.customer_id} {'-' if self.held_out else '+'}"


class Outcome(models.Model):
    """What came of it for one customer: bought or not, money, or whatever a campaign counts."""

    pk = models.CompositePrimaryKey("use_id", "customer_id", "measure")
    use = models.ForeignKey(Use, models.CASCADE, related_name="outcomes", db_index=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="+")
    measure = models.CharField(max_length=20)
    amount = models.FloatField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.measure} {self.amount:g}"
