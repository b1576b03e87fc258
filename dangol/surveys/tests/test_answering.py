import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError

from dangol.core.models import Event
from dangol.surveys.actions import (
    complete_response,
    correct_response,
    make_default_surveys,
    save_draft_answers,
    save_draft_version,
    start_response,
    withdraw_response,
)
from dangol.surveys.models import Answer, Draft, IndexCell, Response
from dangol.surveys.storing import stored_answers
from dangol.surveys.tests.factories import BAD, GOOD, NOON, begun, completed, conversation


@pytest.fixture
def surveys(world):
    return make_default_surveys(by=world.anna)


def test_completing_stores_scores_and_tells(world, surveys):
    response = completed(surveys["sales"], world.place("GANGNAM"), BAD, by=world.ada)
    scores = {a.question: a.score for a in response.answers.all()}
    assert scores == {
        "reception": 25_000, "explanation": 0, "contract": 50_000, "delivery": 25_000, "overall": 0,
        "why": None, "nps": 0, "call_me": 100_000, "": 17_500,
    }  # fmt: skip
    assert response.day == dt.date(2026, 11, 20)
    event = Event.objects.get(name="surveys.ResponseCompleted")
    assert event.by == world.ada and event.at == NOON
    assert event.thread_id == response.thread_id and event.place_id == response.place_id
    assert event.payload["score"] == 17.5
    assert event.payload["call_me"] is True
    assert event.payload["process"] == "sales" and event.payload["day"] == "2026-11-20"
    assert event.payload["questionnaire_id"] == str(surveys["sales"].pk)
    assert event.payload["answers"]["overall"] == {"value": 1, "score": 0.0, "text": ""}
    assert event.payload["answers"]["why"]["text"] == "약속한 날보다 늦었어요"


def test_the_day_is_the_places_own(world, surveys):
    late = dt.datetime(2026, 11, 20, 15, 30, tzinfo=dt.UTC)  # half past midnight in Seoul
    assert completed(surveys["sales"], world.place("MAPO"), GOOD, at=late).day.day == 21


def test_completing_twice_changes_nothing_and_loses_nothing(world, surveys):
    response = completed(surveys["sales"], world.place("GANGNAM"), GOOD, by=world.ada)
    again = complete_response(response, GOOD, by=world.bob)
    assert again.completed_at == NOON and not Draft.objects.exists()
    complete_response(response, BAD, by=world.bob)
    assert stored_answers(again) == GOOD
    assert Draft.objects.get().answers == BAD and Draft.objects.get().saved_by == world.bob
    assert Event.objects.filter(name="surveys.ResponseCompleted").count() == 1
    assert IndexCell.objects.get(place=world.place("HQ"), item="").n == 1


def test_a_wrong_or_missing_answer_stores_nothing(world, surveys):
    response = begun(surveys["sales"], world.place("GANGNAM"))
    with pytest.raises(ValidationError) as caught:
        complete_response(response, {**GOOD, "overall": 6, "delivery": None}, by=None)
    assert set(caught.value.message_dict) == {"overall", "delivery"}
    assert (
        not Answer.objects.exists()
        and not Event.objects.filter(name__startswith="surveys").exists()
    )


def test_an_answer_that_was_not_asked_for_is_not_heard(world, surveys):
    response = completed(
        surveys["sales"], world.place("GANGNAM"), {**GOOD, "why": "몰래", "nonsense": 1}
    )
    assert not response.answers.filter(question__in=["why", "nonsense"]).exists()
    solved = completed(
        surveys["confirmation"], world.place("GANGNAM"), {"solved": True, "remaining": "x"}
    )
    assert stored_answers(solved) == {"solved": True}
    with pytest.raises(ValidationError) as caught:
        completed(surveys["confirmation"], world.place("GANGNAM"), {"solved": False})
    assert set(caught.value.message_dict) == {"remaining"}


def test_drafts_grow_question_by_question_and_are_completed(world, surveys):
    response = begun(surveys["confirmation"], world.place("GANGNAM"))
    save_draft_answers(response, {"solved": True}, by=world.ada)
    save_draft_answers(response, {"handling": 4, "other": 1}, by=world.ada)
    draft = save_draft_answers(response, {"remaining": "half a th"}, by=world.ada)
    assert draft.answers == {"solved": True, "handling": 4, "remaining": "half a th"}
    complete_response(response, by=world.ada)
    assert stored_answers(response) == {"solved": True, "handling": 4}
    assert save_draft_answers(response, {"handling": 1}, by=world.ada) is None
    assert not Draft.objects.exists()


def test_the_next_call_in_the_thread_goes_on_where_the_last_one_stopped(world, surveys):
    first = begun(surveys["sales"], world.place("GANGNAM"), world.ada)
    save_draft_answers(first, {"overall": 3}, by=world.ada)
    second = conversation(world.place("GANGNAM"), world.bob)
    second.thread, second.customer = first.thread, first.customer
    second.save()
    again = start_response(
        surveys["sales"].questionnaire, thread=first.thread, interaction=second,
        customer=first.customer, agent=world.bob, by=world.bob,
    )  # fmt: skip
    assert again == first and again.interaction == second and again.agent == world.bob
    assert Response.objects.count() == 1 and again.draft.answers == {"overall": 3}


def test_correcting_changes_figures_and_tells(world, surveys):
    response = completed(surveys["sales"], world.place("GANGNAM"), BAD)
    correct_response(response, GOOD, by=world.sue, reason="misheard")
    assert stored_answers(response) == GOOD
    cell = IndexCell.objects.get(place=world.place("HQ"), item="", process="sales")
    assert (cell.n, cell.total, cell.squares) == (1, 92_500, 92_500**2)
    assert IndexCell.objects.get(place=world.place("SEOUL"), item="overall").total == 100_000
    event = Event.objects.get(name="surveys.ResponseCorrected")
    assert event.payload["score"] == 92.5 and event.payload["call_me"] is False


def test_withdrawn_answers_count_no_more_and_stay_readable(world, surveys):
    response = completed(surveys["sales"], world.place("GANGNAM"), GOOD)
    withdraw_response(response, by=world.sue)
    withdraw_response(response, by=world.sue)
    assert set(IndexCell.objects.values_list("n", "total", "squares")) == {(0, 0, 0)}
    assert stored_answers(response) == GOOD
    assert Event.objects.filter(name="surveys.ResponseWithdrawn").count() == 1
    with pytest.raises(ValidationError):
        correct_response(response, BAD, by=world.sue)


def test_a_published_version_is_never_edited(world, surveys):
    version = surveys["sales"].versions.get()
    for change in ("body = '[]'", "number = 9", "published_at = NULL"):
        with (
            pytest.raises((IntegrityError, InternalError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE surveys_version SET {change} WHERE id = %s", [version.pk])
    body = [q for q in version.body if q["key"] != "why"]
    second = save_draft_version(surveys["sales"], body, by=world.anna)
    assert second.number == 2 and second.published_at is None
    version.refresh_from_db()
    assert any(q["key"] == "why" for q in version.body)
