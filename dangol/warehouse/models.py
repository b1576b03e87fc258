"""What the database knows of the lake: where it stands, and what was done to it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dangol.core.rows import Row


class Standing(models.Model):
    """One row: the token of the last version that this database agreed with, and when it looked.

    A database or a lake that was brought back from an older copy no longer agrees, and the lake is
    made again.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    token = models.UUIDField(default=uuid.uuid4)
    version = models.PositiveBigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    """When changes were last looked for: the lake is as of this moment."""

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_lake")]

    def __str__(self) -> str:
        return f"{self.version}"


class RunKind(models.TextChoices):
    """What can be done to the lake."""

    COPY = "copy", _("Copy changes")
    REBUILD = "rebuild", _("Rebuild")
    COMPACT = "compact", _("Compact")
    CHECK = "check", _("Check files")
    ERASE = "erase", _("Erase a person")


class Run(Row):
    """One piece of work on the lake that changed it, failed, or that somebody asked for."""

    kind = models.CharField(_("what"), max_length=10, choices=RunKind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    version = models.PositiveBigIntegerField(null=True)
    rows = models.PositiveBigIntegerField(default=0)
    bytes = models.PositiveBigIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0)
    doing = models.CharField(max_length=60, blank=True)
    failure = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["-created_at"], name="run_created")]

    def __str__(self) -> str:
        return f"{self.kind} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def state(self) -> str:
        """waiting, running, finished or failed."""
        if self.failure:
            return "failed"
        if self.finished_at:
            return "finished"
        return "running" if self.started_at else "waiting"

    @property
    def seconds(self) -> float | None:
        """How long it took, or has taken so far."""
        if self.started_at is None:
            return None
        return ((self.finished_at or timezone.now()) - self.started_at).total_seconds()
