"""Attributes that a company defines for its customers, and their values."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dangol.core.rows import Row
from dangol.customers.models import Customer


class AttributeKind(models.TextChoices):
    """What an attribute's values are; never free text, which could name somebody."""

    NUMBER = "number", pgettext_lazy("kind of attribute", "Number")
    CHOICE = "choice", pgettext_lazy("kind of attribute", "Choice")
    YES_NO = "yes_no", pgettext_lazy("kind of attribute", "Yes or no")
    DATE = "date", pgettext_lazy("kind of attribute", "Date")


class Attribute(Row):
    """One thing that the company wants to know of each customer; key and kind never change."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    kind = models.CharField(_("kind"), max_length=8, choices=AttributeKind)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    choices = models.JSONField(default=list, blank=True)
    """Of a choice: [{"code", "name", "name_en"}], in the order in which they are offered."""
    consent = models.BooleanField(default=False, db_default=False)
    """Of yes or no: a consent; of two customers who become one it stays only where both gave it."""
    position = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    """Since then neither shown nor asked; the values stay."""

    class Meta:
        ordering = ["position", "created_at", "id"]

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return (english and self.name_en) or self.name

    @property
    def codes(self) -> dict[str, str]:
        """The choices' codes with their names in the reader's language."""
        english = (get_language() or "").startswith("en")
        return {c["code"]: (english and c.get("name_en")) or c["name"] for c in self.choices}


COLUMNS = {"number": "figure", "choice": "choice", "yes_no": "flag", "date": "day"}
"""The column of a value that holds each kind."""


def one_column() -> models.Q:
    """Exactly one column holds the value."""
    found = models.Q()
    for held in COLUMNS.values():
        found |= models.Q(**{f"{name}__isnull": name != held for name in COLUMNS.values()})
    return found


class AttributeValue(models.Model):
    """What one attribute of one customer is; no row means that it is unknown."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="attribute_values", db_index=False
    )
    attribute = models.ForeignKey(Attribute, models.PROTECT, related_name="values", db_index=False)
    figure = models.FloatField(null=True)
    flag = models.BooleanField(null=True)
    choice = models.CharField(max_length=80, null=True)  # noqa: DJ001 - null is “not of this kind”
    day = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "attribute"], name="attribute_value_once"),
            models.CheckConstraint(condition=one_column(), name="attribute_value_one"),
        ]

    def __str__(self) -> str:
        return f"{self.attribute_id}: {self.value}"

    @property
    def value(self) -> Any:
        """The value, of whatever kind."""
        given = (self.figure, self.flag, self.choice, self.day)
        return next((v for v in given if v is not None), None)
