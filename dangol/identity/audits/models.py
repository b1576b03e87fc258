"""Samples drawn for checking, and what the ways of finding candidates cost."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from dangol.core.rows import Row


class Audit(Row):
    """A sample of automatic decisions that stewards look at without knowing them."""

    drawn_on = models.DateField(unique=True)
    """The Monday of its week."""
    strata = models.JSONField(default=list)
    """[{key, decided, low, high, pairs, drawn}]: how many pairs stand behind those drawn."""
    model = models.ForeignKey("identity.Model", models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.drawn_on:%Y-%m-%d}"


class BlockCost(models.Model):
    """What a way of finding candidates costs and finds, as it was counted last."""

    rule = models.CharField(max_length=30, primary_key=True)
    pairs = models.BigIntegerField()
    """Pairs that it makes when all records are compared with all."""
    joins = models.PositiveIntegerField()
    """Automatic joins of which it makes the pair."""
    joins_of = models.PositiveIntegerField()
    only = models.PositiveIntegerField()
    """Joins that no other rule would have found."""
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.rule
