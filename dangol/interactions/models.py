"""Every conversation, and the thread that ties one turn of the loop together.

Siblings above meet here: a programme that asks a questionnaire, the survey that is one, and the
case that an answer opens all point down to these rows, never at each other.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from dangol.core.rows import Row
from dangol.customers.models import ContactPoint, Customer
from dangol.places.models import Place
from dangol.purchases.models import Transaction


class Thread(Row):
    """One turn of the loop, begun by a transaction that fell due or by a customer's voice."""

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="threads", db_index=False)
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    transaction = models.ForeignKey(Transaction, models.PROTECT, null=True, related_name="+")
    begun_by = models.CharField(max_length=40)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "-created_at"], name="thread_customer")]

    def __str__(self) -> str:
        return f"{self.begun_by} {self.pk}"


class Questionnaire(Row):
    """Questions that can be asked in a conversation, by name; surveys gives them their inside."""

    title = models.CharField(_("title"), max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    purpose = models.CharField(max_length=20, blank=True)
    """The survey's process: product, sales, service, confirmation or other."""
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return (english and self.title_en) or self.title


class Channel(models.TextChoices):
    """How a conversation is held."""

    PHONE = "phone", pgettext_lazy("channel", "Phone")
    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    WEB = "web", _("Web")
    MESSAGE = "message", _("Message")
    VISIT = "visit", _("Visit")


class Outcome(models.TextChoices):
    """How a call ended."""

    DONE = "done", pgettext_lazy("call", "Done")
    REFUSED = "refused", pgettext_lazy("call", "Refused")
    CALL_BACK = "call_back", _("Call back")
    NO_ANSWER = "no_answer", _("No answer")
    BUSY = "busy", _("Busy")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    MOVED = "moved", _("Moved away")
    FAILED = "failed", _("Failed")


class Interaction(Row):
    """One conversation: with whom, how, its instants in order; a call ends exactly once."""

    thread = models.ForeignKey(Thread, models.PROTECT, null=True, related_name="interactions")
    customer = models.ForeignKey(
        Customer, models.PROTECT, related_name="interactions", db_index=False
    )
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", db_index=False)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    contact_point = models.ForeignKey(ContactPoint, models.SET_NULL, null=True, related_name="+")
    channel = models.CharField(max_length=10, choices=Channel)
    outbound = models.BooleanField(default=True)
    purpose = models.CharField(max_length=60, blank=True)
    queued_at = models.DateTimeField(default=timezone.now)
    ringing_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    wrapped_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    note = models.TextField(blank=True)
    recording = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-queued_at"], name="interaction_customer"),
            models.Index(fields=["agent", "-queued_at"], name="interaction_agent"),
            models.Index(fields=["place", "-queued_at"], name="interaction_place"),
            models.Index(fields=["queued_at"], name="interaction_queued"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(
                    (models.Q(ringing_at=None) | models.Q(ringing_at__gte=models.F("queued_at")))
                    & (
                        models.Q(answered_at=None)
                        | models.Q(ringing_at=None)
                        | models.Q(answered_at__gte=models.F("ringing_at"))
                    )
                    & (
                        models.Q(ended_at=None)
                        | models.Q(answered_at=None)
                        | models.Q(ended_at__gte=models.F("answered_at"))
                    )
                    & (
                        models.Q(wrapped_at=None)
                        | models.Q(ended_at__isnull=False, wrapped_at__gte=models.F("ended_at"))
                    )
                ),
                name="interaction_instants_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.queued_at:%Y-%m-%d %H:%M}"
