"""Records as they are compared, the keys under which they are found, and the table of buildings."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dangol.customers.models import SourceRecord


class Reading(models.Model):
    """A source record as it is compared: one form of everything, empty texts for what is unknown."""

    record = models.OneToOneField(SourceRecord, models.CASCADE, primary_key=True)
    kind = models.CharField(max_length=12, default="person")
    name = models.CharField(max_length=200, blank=True, db_default="")
    family = models.CharField(max_length=40, blank=True, db_default="")
    given = models.CharField(max_length=200, blank=True, db_default="")
    sound = models.CharField(max_length=200, blank=True, db_default="")
    latin = models.BooleanField(default=False, db_default=False)
    phone = models.CharField(max_length=20, blank=True, db_default="")
    phone2 = models.CharField(max_length=20, blank=True, db_default="")
    email = models.CharField(max_length=254, blank=True, db_default="")
    number = models.CharField(max_length=60, blank=True, db_default="")
    birth = models.CharField(max_length=10, blank=True, db_default="")
    building = models.CharField(max_length=200, blank=True, db_default="")
    unit = models.CharField(max_length=20, blank=True, db_default="")
    postcode = models.CharField(max_length=12, blank=True, db_default="")
    gender = models.CharField(max_length=1, blank=True, db_default="")
    branch = models.CharField(max_length=60, blank=True, db_default="")
    registration = models.CharField(max_length=10, blank=True, db_default="")
    misread = models.CharField(max_length=10, blank=True, db_default="")
    corporate = models.CharField(max_length=13, blank=True, db_default="")
    domain = models.CharField(max_length=254, blank=True, db_default="")
    owner = models.CharField(max_length=200, blank=True, db_default="")
    """From `branch` on: of organisations alone."""
    strange = ArrayField(models.CharField(max_length=20), default=list)
    """Codes of what was odd: test_data, swapped, phone, email, birth, registration."""

    class Meta:
        indexes = [
            models.Index(fields=["name"], name="reading_name"),
            models.Index(fields=["birth"], name="reading_birth"),
            models.Index(
                fields=["record"], name="reading_organisation",
                condition=models.Q(kind="organisation"),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.record_id)


class Building(models.Model):
    """A building of the state's table: one address by road, one by lot."""

    key = models.CharField(max_length=30, primary_key=True)
    """The building's number in that table."""
    lot = models.CharField(max_length=200)
    """As `customers.addresses` writes it: 강남구|역삼동 737."""
    road = models.CharField(max_length=200)
    """강남구|테헤란로 152"""

    class Meta:
        indexes = [models.Index(fields=["lot"], include=["road"], name="building_lot")]

    def __str__(self) -> str:
        return self.road


class BlockKey(models.Model):
    """One way in which a record is found as a candidate; two records with a key are compared."""

    id = models.BigAutoField(primary_key=True)
    key = models.BigIntegerField()
    reading = models.ForeignKey(Reading, models.CASCADE, related_name="keys", db_constraint=False)

    class Meta:
        indexes = [models.Index(fields=["key"], include=["reading"], name="block_key")]

    def __str__(self) -> str:
        return str(self.key)
