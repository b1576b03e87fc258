"""Products, transactions and what a customer owns."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dangol.core.rows import Row
from dangol.customers.models import Customer
from dangol.places.models import Place


class Product(Row):
    """A node of the product tree: family → line → model; `lo ≤ x ≤ hi` is "this and below"."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    code = models.CharField(_("code"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    lo = models.IntegerField(editable=False, default=0)
    hi = models.IntegerField(editable=False, default=0)
    ended_on = models.DateField(null=True, blank=True)
    gone_at = models.DateTimeField(null=True, editable=False)
    """Since when the source that told of it no longer has it."""

    class Meta:
        ordering = ["lo"]
        indexes = [models.Index(fields=["lo", "hi"], name="product_range")]

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return (english and self.name_en) or self.name


class TransactionKind(models.TextChoices):
    """What took place."""

    SALE = "sale", _("Sale")
    SERVICE = "service", _("Service visit")
    OTHER = "other", _("Other")


class Transaction(Row):
    """A sale or a service visit of a customer at a site."""

    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="transactions", db_index=False
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=TransactionKind)
    at = models.DateTimeField(_("when"))
    staff_name = models.CharField(_("staff"), max_length=60, blank=True)
    amount = models.DecimalField(_("amount"), max_digits=16, decimal_places=2, default=Decimal(0))
    currency = models.CharField(_("currency"), max_length=3, default="KRW")
    source = models.CharField(max_length=40)
    source_key = models.CharField(max_length=100)
    note = models.CharField(max_length=200, blank=True)
    gone_at = models.DateTimeField(null=True, editable=False)
    """Since when its source no longer has it: it stays to be seen, and counts nowhere."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "source_key"], name="transaction_source_key")
        ]
        indexes = [
            models.Index(fields=["customer", "-at"], name="transaction_customer"),
            models.Index(fields=["place", "-at"], name="transaction_place"),
            models.Index(fields=["at"], name="transaction_at"),
            models.Index(fields=["created_at"], name="transaction_created"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source_key}"


class Line(Row):
    """One product of a transaction."""

    transaction = models.ForeignKey(Transaction, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    quantity = models.DecimalField(max_digits=12, decimal_places=3, default=Decimal(1))
    amount = models.DecimalField(max_digits=16, decimal_places=2, default=Decimal(0))

    def __str__(self) -> str:
        return f"{self.product_id} × {self.quantity}"


class Ownership(Row):
    """What a customer has now, or had: a car with plate and serial number, and its warranty."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="ownerships")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    transaction = models.ForeignKey(Transaction, models.SET_NULL, null=True, related_name="+")
    serial = models.CharField(_("serial number"), max_length=40, blank=True)
    plate = models.CharField(_("plate"), max_length=20, blank=True)
    since = models.DateField(_("since"))
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(OpClass("plate", name="text_pattern_ops"), name="ownership_plate"),
            models.Index(OpClass("serial", name="text_pattern_ops"), name="ownership_serial"),
        ]

    def __str__(self) -> str:
        return self.plate or self.serial or str(self.product_id)
