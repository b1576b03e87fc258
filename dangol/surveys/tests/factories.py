"""Conversations and answers for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.interactions.models import Interaction, Thread
from dangol.places.models import Place
from dangol.surveys.actions import complete_response, start_response
from dangol.surveys.models import Response, Survey

NOON = dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC)
"""Noon in Seoul on Friday, 20 November 2026."""
GOOD = {"reception": 5, "explanation": 4, "contract": 4, "delivery": 5, "overall": 5, "nps": 10}
"""Index: (100·20 + 75·15 + 75·15 + 100·20 + 100·30) / 100 = 92.5"""
BAD = {"reception": 2, "explanation": 1, "contract": 3, "delivery": 2, "overall": 1,
       "why": "약속한 날보다 늦었어요", "nps": 2, "call_me": True}  # fmt: skip


def conversation(place: Place, agent: User | None = None) -> Interaction:
    """A customer of the place on the phone with the agent."""
    customer = Customer.objects.create(name="홍길동", home_place=place)
    thread = Thread.objects.create(customer=customer, place=place, begun_by="test")
    return Interaction.objects.create(
        thread=thread, customer=customer, place=place, agent=agent, channel="phone"
    )


def begun(survey: Survey, place: Place, agent: User | None = None) -> Response:
    """A response in which nothing was answered yet."""
    call = conversation(place, agent)
    return start_response(
        survey.questionnaire, thread=call.thread, interaction=call, customer=call.customer,
        place=place, agent=agent, channel="phone", by=agent,
    )  # fmt: skip


def completed(
    survey: Survey,
    place: Place,
    answers: dict[str, Any],
    *,
    by: User | None = None,
    at: dt.datetime = NOON,
) -> Response:
    """A response with its answers stored."""
    return complete_response(begun(survey, place, by), answers, by=by, at=at)
