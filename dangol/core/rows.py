"""What every table of ours has."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from dangol.core.ids import uuid7


class Row(models.Model):
    """A row with a key that sorts by time and the instant of its making."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
