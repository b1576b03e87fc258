"""Who is told of changes, which rows changed, and how each delivery went."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dangol.core.rows import Row


class FeedEntity(models.TextChoices):
    """What existing systems can be kept in step with."""

    CUSTOMER = "customer", _("Customers")
    TRANSACTION = "transaction", _("Purchases and visits")
    SITE = "site", _("Sites")
    PRODUCT = "product", _("Products")


class Way(models.TextChoices):
    """How a subscriber is told."""

    API = "api", _("It asks the API")
    WEBHOOK = "webhook", _("Signed webhook")
    FILE = "file", _("File in a folder")


class Subscriber(Row):
    """A system that is kept in step with the changes of one entity, and how far it is."""

    name = models.CharField(_("name"), max_length=80)
    entity = models.CharField(_("what"), max_length=12, choices=FeedEntity)
    way = models.CharField(_("way"), max_length=8, choices=Way)
    address = models.CharField(_("address"), max_length=500, blank=True)
    """Webhook: where to; file: folder below the outbox."""
    secret = models.TextField(blank=True)
    """Webhook: whsec_…, sealed (core.sealing)."""
    schedule = models.CharField(_("schedule"), max_length=60, blank=True)
    """File: a cron line."""
    next_at = models.DateTimeField(null=True)
    after_xid = models.BigIntegerField(default=0)
    after_id = models.BigIntegerField(default=0)
    """All changes up to here have been handed over."""
    begins_after = models.BigIntegerField(null=True)
    """No older transaction was open when it subscribed; none: its beginning is complete."""
    open_then = models.JSONField(default=list)
    """The transactions that were open then, which may have changed rows before anybody listened."""
    everything_asked_at = models.DateTimeField(null=True)
    """Since when everything there is shall be noted for it; none: nothing is owed."""
    failures = models.IntegerField(default=0)
    disabled_at = models.DateTimeField(null=True)
    """Since when nothing is sent any more, because too much failed or its owner may not read it."""
    trouble = models.JSONField(null=True)
    """{"reason", "facts"} of why it is stopped or a file cannot be written."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def beginning(self) -> bool:
        """Whether the job of beginnings still has to note something for it."""
        return self.begins_after is not None or self.everything_asked_at is not None

    @property
    def why(self) -> str:
        """What is wrong, in the language of whoever reads; empty when nothing is."""
        return in_words(self.trouble) if self.trouble else ""


def in_words(trouble: dict[str, Any]) -> str:
    """A reason with its facts."""
    reason, facts = trouble["reason"], trouble["facts"]
    return gettext(reason) % facts if facts else gettext(reason)


class Change(models.Model):
    """That a row changed; what it is now is read when it is told. Written by triggers."""

    id = models.BigAutoField(primary_key=True)
    entity = models.CharField(max_length=12, choices=FeedEntity)
    keys = ArrayField(models.UUIDField())
    xid = models.BigIntegerField()
    """The transaction that wrote it: what ends later is told later, however early it began."""
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["entity", "xid", "id"], name="change_order")]

    def __str__(self) -> str:
        return f"{self.entity} {self.id}"


class Forgotten(models.Model):
    """The last change of an entity that is kept no more: who stands before it was not told of all."""

    entity = models.CharField(primary_key=True, max_length=12, choices=FeedEntity)
    xid = models.BigIntegerField()
    number = models.BigIntegerField()
    at = models.DateTimeField(default=timezone.now)
    """When it was forgotten."""

    def __str__(self) -> str:
        return f"{self.entity} {self.number}"


class Delivery(Row):
    """One message to a subscriber: what it holds, how often it was tried, what came of it."""

    subscriber = models.ForeignKey(Subscriber, models.CASCADE, related_name="deliveries")
    body = models.TextField()
    repeats = models.UUIDField(null=True)
    """The delivery that this one sends again, under the same id."""
    changes = models.IntegerField(default=0)
    upto_xid = models.BigIntegerField(default=0)
    upto_id = models.BigIntegerField(default=0)
    tries = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    """When it is tried (again); none: it is done or given up."""
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    status = models.IntegerField(default=0)
    """The last answer's status; 0: there was none."""
    answer = models.CharField(max_length=500, blank=True)
    """What came back, shortened."""
    trouble = models.JSONField(null=True)
    """{"reason", "facts"} of why nothing came back, to be said in the reader's language."""
    tried_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at"], condition=models.Q(next_at__isnull=False), name="delivery_due"
            ),
            models.Index(fields=["subscriber", "-created_at"], name="delivery_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber_id} {self.created_at:%H:%M:%S}"

    @property
    def told(self) -> str:
        """What came back or went wrong, in the language of whoever reads."""
        return in_words(self.trouble) if self.trouble else self.answer
