"""Samples drawn for checking, and what the ways of finding candidates cost."""

from __future__ import annotations

import datetime as dt
from typing import Any

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

    @classmethod
    def of_week(cls, at: dt.datetime | None = None) -> Audit | None:
        """This week's sample, if it was drawn."""
        return cls.objects.filter(drawn_on=monday_of(at)).first()


def monday_of(at: dt.datetime | None = None) -> dt.date:
    """The Monday of a moment's week, where the company is."""
    day = timezone.localdate(at)
    return day - dt.timedelta(days=day.weekday())


class Counted(models.Model):
    """Figures over all records as a job counted them last."""

    key = models.CharField(max_length=30, primary_key=True)
    """truth, weights.person, weights.organisation"""
    figures = models.JSONField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.key

    @classmethod
    def of(cls, key: str) -> Counted | None:
        """The figures of this name, if they were ever counted."""
        return cls.objects.filter(pk=key).first()

    @classmethod
    def keep(cls, key: str, figures: dict[str, Any]) -> Counted:
        """Keep figures in place of those of before."""
        told = {"figures": figures, "at": timezone.now()}
        return cls.objects.update_or_create(key=key, defaults=told)[0]


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
