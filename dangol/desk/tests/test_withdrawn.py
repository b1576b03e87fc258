"""Answers that were withdrawn while the call lies on the desk: the call ends all the same."""

from django.urls import reverse

from dangol.desk.models import Handling
from dangol.desk.tests.test_desk_page import ada, answers, due, step  # noqa: F401
from dangol.surveys.actions import withdraw_response
from dangol.surveys.models import Response


def test_the_call_ends_although_its_answers_were_withdrawn(world, ada, due):  # noqa: F811
    step(ada, "state", state="available")
    step(ada, "next")
    step(ada, "call")
    step(ada, "pulse")
    response = Response.objects.get()
    withdraw_response(response, by=world.anna, reason="같은 통화를 두 번 적었어요")
    handling = Handling.objects.get()
    done = step(ada, "finish", handling.pk, outcome="done", note="끝", **answers())
    assert done.url == reverse("desk:desk")
    handling.refresh_from_db()
    response.refresh_from_db()
    assert handling.finished_at is not None and handling.note == "끝"
    assert response.completed_at is None
