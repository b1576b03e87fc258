"""What lies on an agent's desk, and how long each phase of it took."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from dangol.campaigns.models import Target
from dangol.core.rows import Row
from dangol.interactions.models import Interaction, Outcome
from dangol.surveys.models import Response


class Handling(Row):
    """One due call on one agent's desk, from Next to Finish."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="handlings")
    target = models.ForeignKey(Target, models.PROTECT, related_name="handlings")
    interaction = models.OneToOneField(
        Interaction, models.PROTECT, null=True, related_name="handling"
    )
    """The call that is under way or waits for its outcome; earlier tries are attempts of the target."""
    response = models.ForeignKey(Response, models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    call_back_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    read_seconds = models.FloatField(default=0)
    """From the screen's opening to the dialling."""
    ring_seconds = models.FloatField(default=0)
    talk_seconds = models.FloatField(default=0)
    hold_seconds = models.FloatField(default=0)
    wrap_seconds = models.FloatField(default=0)

    class Meta:
        indexes = [models.Index(fields=["agent", "-opened_at"], name="handling_agent")]
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], condition=models.Q(finished_at=None), name="one_call_on_a_desk"
            ),
            models.UniqueConstraint(
                fields=["target"], condition=models.Q(finished_at=None), name="one_desk_for_a_call"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.target_id}"
