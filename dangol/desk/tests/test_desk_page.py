"""The desk in the browser: one page and a POST for each step."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from dangol.campaigns.models import Target
from dangol.campaigns.tests.factories import customer, programme, stage, target
from dangol.contact_centre.actions import change_state
from dangol.contact_centre.models import Call
from dangol.contact_centre.queries import state_of
from dangol.core.models import AccessEntry
from dangol.desk.models import Handling
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.models import Response

DAY = {str(n): [["00:00", "24:00"]] for n in range(7)}


@pytest.fixture
def ada(world, client, settings):
    settings.TELEPHONY = {"odds": {"answered": 1.0}, "speed": 1000}
    client.force_login(world.ada)
    return client


@pytest.fixture
def due(world):
    survey = make_default_surveys()["sales"].questionnaire
    campaign = programme(world.place("HQ"), hours=DAY, country="")
    script = "{customer}님, {site} 방문 감사합니다. {unknown}"
    week = stage(campaign, questionnaire=survey, script=script)
    now = timezone.now()
    return target(week, customer("김단골"), at=now, place=world.place("GANGNAM"))


def step(client, name, *args, **data):
    return client.post(reverse(f"desk:{name}", args=args), data)


def type_answers(client, **data):
    url = reverse("surveys:response_draft", args=[Response.objects.get().pk])
    assert client.post(url, data).status_code == 204


def page(client):
    return client.get(reverse("desk:desk")).content.decode()


def answers(value=5):
    keys = ["reception", "explanation", "contract", "delivery", "overall"]
    return {f"q-{key}": value for key in keys}


def test_the_whole_call_in_the_browser(world, ada, due):
    step(ada, "state", state="available")
    assert step(ada, "next").url == reverse("desk:desk")
    shown = page(ada)
    assert "김단골님, 강남지점 방문 감사합니다. {unknown}" in shown
    assert "매장에서의 응대는" in shown
    step(ada, "call")
    step(ada, "pulse")
    assert Call.objects.get().line == "answered"
    handling = Handling.objects.get()
    type_answers(ada, **answers())
    step(ada, "draft", note="친절했다고 함")
    step(ada, "finish", handling.pk, outcome="done", note="친절했다고 함", **answers())
    assert Target.objects.get().result == "done"
    assert Response.objects.get().completed_at is not None
    assert state_of(world.ada).state == "available"
    assert "김단골" not in page(ada)


def test_what_was_typed_is_there_again_in_another_browser(world, ada, due, client):
    step(ada, "state", state="available")
    step(ada, "next")
    step(ada, "call")
    type_answers(ada, **{"q-reception": 2, "q-overall": 1})
    step(ada, "draft", note="전화 연결 상태 나쁨", outcome="refused")
    client.logout()
    client.force_login(world.ada)
    shown = page(client)
    assert "전화 연결 상태 나쁨" in shown
    assert 'name="q-reception" value="2" checked' in shown
    assert 'value="refused"' in shown


def test_branching_follows_the_answers(ada, due):
    step(ada, "state", state="available")
    step(ada, "next")
    why = 'data-question="why"'
    assert "hidden" in page(ada).split(why)[1].split(">")[0]
    type_answers(ada, **{"q-overall": 1})
    assert "hidden" not in page(ada).split(why)[1].split(">")[0]


def test_finishing_twice_by_the_back_button_changes_nothing(ada, due):
    step(ada, "state", state="available")
    step(ada, "next")
    step(ada, "call")
    handling = Handling.objects.get()
    step(ada, "finish", handling.pk, outcome="refused", note="한 번")
    again = step(ada, "finish", handling.pk, outcome="no_answer", note="두 번")
    assert again.status_code == 302
    handling.refresh_from_db()
    assert (handling.outcome, handling.note) == ("refused", "한 번")
    assert Target.objects.get().attempts_made == 1


def test_a_refused_finish_keeps_the_call_and_says_why(ada, due):
    step(ada, "state", state="available")
    step(ada, "next")
    step(ada, "call")
    step(ada, "pulse")
    handling = Handling.objects.get()
    step(ada, "finish", handling.pk, outcome="done", **{"q-reception": 3})
    assert "ui-messages" in page(ada)
    assert Target.objects.get().finished_at is None
    assert "question-wrong" not in page(ada)
    assert "question-wrong" in ada.get("/desk/?check=1").content.decode()
    step(ada, "finish", handling.pk, outcome="call_back")
    assert Target.objects.get().finished_at is None


def test_the_pulse_is_silent_while_nothing_changed(ada, due):
    step(ada, "state", state="available")
    step(ada, "next")
    handling = Handling.objects.get()
    assert step(ada, "pulse", signature=f"{handling.pk}::").status_code == 204
    step(ada, "call")
    assert b'id="dock"' in step(ada, "pulse", signature=f"{handling.pk}::").content


def test_corrections_in_place(ada, due):
    step(ada, "state", state="available")
    step(ada, "next")
    point = due.customer.contact_points.get()
    step(ada, "check", point.pk, outcome="wrong", new_value="010-7777-8888")
    values = due.customer.contact_points.filter(ended_at=None).values_list("value", "state")
    assert list(values) == [("+821077778888", "verified")]
    step(ada, "contact_points", kind="email", value="KIM@Example.com")
    assert due.customer.contact_points.filter(value="kim@example.com").exists()


def test_a_contact_point_of_another_customer_is_not_found(ada, due):
    step(ada, "state", state="available")
    step(ada, "next")
    other = customer().contact_points.get()
    assert step(ada, "check", other.pk, outcome="wrong").status_code == 404
    other.refresh_from_db()
    assert other.state == "unverified"


def test_dialling_by_itself(ada, due):
    step(ada, "state", state="available")
    step(ada, "auto_dial", on="1")
    step(ada, "next")
    assert Call.objects.count() == 1


def test_a_break_with_a_reason_gives_the_call_back(world, ada, due):
    step(ada, "state", state="available")
    step(ada, "next")
    step(ada, "state", state="break", reason="meal")
    state = state_of(world.ada)
    assert (state.state, state.reason) == ("break", "meal")
    due.refresh_from_db()
    assert due.leased_by is None
    step(ada, "next")
    assert not Handling.objects.filter(finished_at=None).exists()


def test_others_are_refused(world, client, due):
    client.force_login(world.grace)
    assert client.get(reverse("desk:desk")).status_code == 403
    assert step(client, "next").status_code == 403
    assert not Handling.objects.exists()


def test_another_agents_call_cannot_be_finished(world, ada, due, client):
    step(ada, "state", state="available")
    step(ada, "next")
    handling = Handling.objects.get()
    client.force_login(world.bob)
    assert step(client, "finish", handling.pk, outcome="refused").status_code == 404
    assert Handling.objects.get().finished_at is None


def test_the_page_is_small_work_and_writes_who_was_seen(
    world, ada, due, django_assert_max_num_queries
):
    change_state(world.ada, "available", by=world.ada, at=timezone.now() - dt.timedelta(minutes=1))
    step(ada, "next")
    step(ada, "call")
    step(ada, "pulse")
    page(ada)
    with django_assert_max_num_queries(12):
        page(ada)
    assert AccessEntry.objects.filter(by=world.ada, subjects=[due.customer_id]).exists()


def test_a_year_half_typed_never_closes_the_desk(world, ada, due):
    step(ada, "state", state="available")
    step(ada, "next")
    step(ada, "call")
    handling = Handling.objects.get()
    for typed in ("0001-01-01T00:00", "0020-11-25T10:00", "9999-12-31T23:59"):
        assert step(ada, "draft", call_back_at=typed, note="다시 걸기").status_code == 204
        assert "다시 걸기" in page(ada)
        step(ada, "finish", handling.pk, outcome="call_back", call_back_at=typed)
    handling.refresh_from_db()
    assert (handling.call_back_at, handling.finished_at) == (None, None)
