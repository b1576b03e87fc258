"""How the product's own recurring jobs went."""

from __future__ import annotations

from django.db import models


class JobTime(models.Model):
    """How the last run of a recurring job went."""

    name = models.CharField(max_length=80, primary_key=True)
    begun_at = models.DateTimeField()
    seconds = models.FloatField()
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        app_label = "sources"

    def __str__(self) -> str:
        return self.name
