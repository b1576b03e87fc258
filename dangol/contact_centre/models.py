"""Agent states as intervals, and the line under each call."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dangol.core.rows import Row
from dangol.interactions.models import Interaction


class State(models.TextChoices):
    """What an agent is doing."""

    AVAILABLE = "available", _("Available")
    ON_CALL = "on_call", _("Handling a call")
    WRAP_UP = "wrap_up", _("Wrap-up")
    BREAK = "break", _("Break")
    TRAINING = "training", _("Training")
    OFFLINE = "offline", _("Offline")


class BreakReason(models.TextChoices):
    """Why an agent is away."""

    MEAL = "meal", _("Meal")
    REST = "rest", _("Rest")
    MEETING = "meeting", _("Meeting")
    PROTECTED = "protected", _("Rest after an abusive call")
    OTHER = "other", _("Other")


class AgentInterval(Row):
    """One state of one agent, from when to when, and who set it."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="intervals")
    state = models.CharField(max_length=10, choices=State)
    reason = models.CharField(max_length=10, choices=BreakReason, blank=True)
    began_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    interaction = models.ForeignKey(Interaction, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["agent", "-began_at"], name="interval_agent")]
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], condition=models.Q(ended_at=None), name="one_open_interval"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("began_at")),
                name="interval_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.state}"


class Line(models.TextChoices):
    """Where a call is."""

    DIALLING = "dialling", _("Dialling")
    RINGING = "ringing", _("Ringing")
    ANSWERED = "answered", _("Talking")
    HELD = "held", _("On hold")
    TRANSFERRED = "transferred", _("Transferred")
    ENDED = "ended", _("Ended")


class Call(Row):
    """The line under an interaction; its key is the interaction's, so one has exactly one."""

    interaction = models.OneToOneField(Interaction, models.CASCADE, related_name="call")
    driver = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    extension = models.CharField(max_length=20, blank=True)
    line = models.CharField(max_length=12, choices=Line, default=Line.DIALLING)
    cause = models.CharField(max_length=20, blank=True)
    transferred_to = models.CharField(max_length=40, blank=True)
    held_seconds = models.FloatField(default=0)
    held_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(ended_at=None), name="call_open")
        ]

    def __str__(self) -> str:
        return f"{self.line} {self.pk}"


class CallEvent(Row):
    """What the line reported, once for each of the driver's event ids."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="events")
    event_key = models.CharField(max_length=80)
    kind = models.CharField(max_length=12)
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["call", "event_key"], name="call_event_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%H:%M:%S}"


class SimulatedCall(models.Model):
    """What the simulator knows of a call: when it began and what it was told; the rest is arithmetic."""

    call_id = models.UUIDField(primary_key=True)
    number = models.CharField(max_length=40)
    began_at = models.DateTimeField()
    commands = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.call_id)
