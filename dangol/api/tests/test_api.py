import json
import uuid

import pytest
from django.test import Client

from dangol.api.actions import make_token, revoke_token
from dangol.api.forms import ABILITY_LABELS
from dangol.api.models import KeptAnswer
from dangol.cases.models import Case
from dangol.cases.tests.factories import a_case, a_category
from dangol.core.roles import ABILITIES
from dangol.customers.actions import add_customer


@pytest.fixture
def call(client, world):
    """Ask the API as a person, with a token of these abilities."""

    def ask(
        who,
        method,
        path,
        body=None,
        abilities=("cases.see", "cases.work", "customers.see"),
        **headers,
    ):
        held = [a for a in abilities if who.can(a)]
        _token, secret = make_token(who, name="test", abilities=held, days=1, by=who)
        return client.generic(
            method, f"/api/v1{path}", json.dumps(body) if body else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}", **headers},
        )  # fmt: skip

    return ask


def case_body(world):
    customer = add_customer(name="김철수", home_place=world.place("GANGNAM"), by=None)
    return {
        "customer_id": str(customer.pk), "place_id": str(world.place("GANGNAM").pk),
        "category_id": str(a_category().pk), "title": "출고가 늦어요",
    }  # fmt: skip


def test_a_stranger_gets_a_problem(client, world):
    for language, title in (("en", "Not signed in"), ("ko", "로그인하지 않았어요")):
        answer = client.get("/api/v1/cases", headers={"Accept-Language": language})
        assert answer.status_code == 401
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.headers["Content-Language"] == language
        assert answer.json()["title"] == title


def test_the_same_key_opens_one_case_and_replays_the_answer(call, world):
    body, key = case_body(world), {"Idempotency-Key": "one"}
    first = call(world.grace, "POST", "/cases", body, **key)
    second = call(world.grace, "POST", "/cases", body, **key)
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert second.headers["Idempotent-Replayed"] == "true"
    assert Case.objects.count() == 1


def test_the_same_key_with_other_content_is_refused(call, world):
    body = case_body(world)
    call(world.grace, "POST", "/cases", body, **{"Idempotency-Key": "one"})
    answer = call(
        world.grace, "POST", "/cases", body | {"title": "다른 일"}, **{"Idempotency-Key": "one"}
    )
    assert answer.status_code == 422
    assert Case.objects.count() == 1


def test_a_refused_write_stores_nothing_and_names_the_field(call, world):
    answer = call(
        world.grace, "POST", "/cases", case_body(world) | {"title": " "}, **{"Idempotency-Key": "x"}
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "title"
    assert not Case.objects.exists()
    assert KeptAnswer.objects.get().status == 422


def test_another_branch_is_404_and_a_missing_ability_403(call, world):
    case = a_case(world)
    assert call(world.eve, "GET", f"/cases/{case.pk}").status_code == 404
    assert call(world.eve, "GET", f"/cases/{uuid.uuid4()}").status_code == 404
    assert call(world.grace, "GET", f"/cases/{case.pk}").status_code == 200
    only_see = call(
        world.grace,
        "POST",
        f"/cases/{case.pk}/resolution",
        {"resolution": "끝"},
        abilities=("cases.see",),
    )
    assert only_see.status_code == 403
    case.refresh_from_db()
    assert case.resolved_at is None


def test_a_revoked_token_opens_nothing(client, world):
    token, secret = make_token(world.anna, name="t", abilities=["cases.see"], days=1, by=world.anna)
    ask = lambda: client.get("/api/v1/cases", headers={"Authorization": f"Bearer {secret}"})  # noqa: E731
    assert ask().status_code == 200
    revoke_token(token, by=world.anna)
    assert ask().status_code == 401


def test_a_write_with_a_token_that_ended_is_told_so(world):
    """Programs ask for a new token on 401; nothing of a browser is missing."""
    token, secret = make_token(
        world.anna, name="t", abilities=["cases.work"], days=1, by=world.anna
    )
    revoke_token(token, by=world.anna)
    program = Client(enforce_csrf_checks=True)
    for headers in ({"Authorization": f"Bearer {secret}"}, {}):
        answer = program.post(
            "/api/v1/cases", "{}", content_type="application/json", headers=headers
        )
        assert (answer.status_code, answer.json()["title"]) == (401, "로그인하지 않았어요")
    program.force_login(world.anna)
    assert program.post("/api/v1/cases", "{}", content_type="application/json").status_code == 403


def test_lists_page_by_position(call, world):
    made = [str(a_case(world).pk) for _ in range(5)]
    first = call(world.anna, "GET", "/cases?limit=3").json()
    rest = call(world.anna, "GET", f"/cases?limit=3&after={first['next']}").json()
    assert sorted(c["id"] for c in first["items"] + rest["items"]) == sorted(made)
    assert rest["next"] == ""
    assert call(world.anna, "GET", "/cases?after=nonsense").status_code == 400


def test_every_ability_that_a_token_may_have_is_said_in_words():
    assert set(ABILITY_LABELS) == set(ABILITIES) - {"tokens.own"}


def test_a_program_is_answered_in_the_language_it_asks_for_else_in_its_persons(call, world):
    world.grace.language = "en"
    world.grace.save()
    wrong = case_body(world) | {"title": ""}
    for headers, title, told in [
        ({}, "Not accepted", "A case needs a title."),
        ({"Accept-Language": "ko-KR,ko;q=0.9"}, "받아들이지 않았어요", "제목을 적어 주세요."),
    ]:
        answer = call(world.grace, "POST", "/cases", wrong, **headers)
        refusal = answer.json()
        assert (answer.status_code, refusal["title"]) == (422, title)
        assert told in [error["message"] for error in refusal["errors"]]
