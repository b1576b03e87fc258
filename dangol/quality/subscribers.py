"""What data quality hears: a contact point was checked, so its chance is told anew and its task is done."""

from __future__ import annotations

import uuid

from dangol.core.events import hears
from dangol.core.models import Event
from dangol.customers.models import ContactPoint
from dangol.quality.decay.applying import tell_chances_of
from dangol.quality.queries import model_in_use
from dangol.quality.tasks.actions import end_tasks_of


@hears("customers.ContactPointChecked")
def follow_the_check(event: Event) -> None:
    """Right again, or known to be wrong: either way no longer a guess.

    What took its place gets its chance at once, or the site would count one contact point less
    until the night.
    """
    point = uuid.UUID(event.payload["contact_point_id"])
    end_tasks_of(point, event.payload["outcome"], by=event.by, at=event.at)
    if model := model_in_use():
        new = ContactPoint.objects.filter(
            customer=event.customer_id, kind=event.payload["kind"], ended_at=None, risk=None
        )
        tell_chances_of(model, [point, *new.values_list("pk", flat=True)], event.at)
