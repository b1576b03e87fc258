"""What surveys tells on the customer's timeline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.customers.timeline import Moment, Source, register
from dangol.places.scope import scoped
from dangol.surveys.models import Response


def responses_before(
    user: User, customer: Customer, before: dt.datetime, limit: int
) -> Iterable[Moment]:
    """Completed responses."""
    rows = scoped(Response.objects.all(), user, "answers.see").filter(
        customer=customer, completed_at__lt=before, withdrawn_at=None
    )
    for row in rows.select_related("survey__questionnaire", "place").order_by("-completed_at")[
        :limit
    ]:
        yield Moment(
            row.completed_at,
            "clipboard-list",
            str(row.survey.questionnaire),
            text=str(row.place),
            url=reverse("surveys:response", args=[row.pk]),
        )


register(Source("answers", _("Answers"), responses_before, "answers.see"))
