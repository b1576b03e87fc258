"""The loop turns once more, through the API alone: from a purchase to the board and the closed case."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from itertools import count
from typing import Any

import pytest

from dangol.api.actions import make_token
from dangol.campaigns.due_calls import make_due_calls
from dangol.cases.actions import add_category, set_rule
from dangol.core.models import User
from dangol.core.roles import ABILITIES
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.cells import differences

ALL_DAY = {str(day): [["00:00", "24:00"]] for day in range(7)}
KEYS = count(1)


@pytest.fixture
def ask(client, world):
    """Ask the API as a person who gave a program everything that they may do."""
    secrets: dict[uuid.UUID, str] = {}

    def call(who: User, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        if who.pk not in secrets:
            held = [ability for ability in ABILITIES if who.can(ability)]
            secrets[who.pk] = make_token(who, name="s", abilities=held, days=1, by=who)[1]
        response = client.generic(
            method, f"/api/v1{path}", json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"Authorization": f"Bearer {secrets[who.pk]}", "Idempotency-Key": f"k{next(KEYS)}"},
        )  # fmt: skip
        assert response.status_code == status, (path, response.status_code, response.content)
        return response.json() if response.content else None

    return call


@pytest.fixture
def prepared(world):
    """Surveys, a category and the rule that opens cases."""
    surveys = make_default_surveys()
    category = add_category(code="DELIVERY", name="인도", minutes=240, by=None)
    set_rule(
        name="인도 불만",
        process="sales",
        question="delivery",
        at_most=25,
        category=category,
        by=None,
    )
    return surveys


def programmes(ask, world, surveys) -> None:
    """A happy-call programme and the one that confirms solutions."""
    today = dt.date.today() - dt.timedelta(days=2)
    common = {"place_id": str(world.place("HQ").pk), "starts_on": today.isoformat(),
              "hours": ALL_DAY, "country": "", "quarantine_days": 0}  # fmt: skip
    sales = ask(world.sue, "POST", "/programmes", {"name": "해피콜", **common}, 201)
    ask(world.sue, "POST", f"/programmes/{sales['id']}/stages",
        {"name": "7일", "days_after": 7, "kind": "sale",
         "questionnaire_id": str(surveys["sales"].questionnaire_id)}, 201)  # fmt: skip
    again = {"name": "확인", "purpose": "confirmation", "priority": 1, **common}
    confirm = ask(world.sue, "POST", "/programmes", again, 201)
    ask(world.sue, "POST", f"/programmes/{confirm['id']}/stages",
        {"name": "확인", "days_after": 0,
         "questionnaire_id": str(surveys["confirmation"].questionnaire_id)}, 201)  # fmt: skip


def one_call(ask, agent: User, survey: Any, answers: dict[str, Any]) -> dict[str, Any]:
    """An agent's whole call: claim, ring, answer, ask, store, finish."""
    due = ask(agent, "POST", "/due-calls/claims", status=201)
    talk = ask(agent, "POST", "/interactions", {
        "customer_id": due["customer_id"], "thread_id": due["thread_id"],
        "place_id": due["place_id"], "channel": "phone"}, 201)  # fmt: skip
    for mark in ("ringing", "answered"):
        ask(agent, "POST", f"/interactions/{talk['id']}/marks/{mark}")
    response = ask(agent, "POST", "/responses", {
        "survey_id": str(survey.pk), "customer_id": due["customer_id"],
        "thread_id": due["thread_id"], "interaction_id": talk["id"],
        "place_id": due["place_id"]}, 201)  # fmt: skip
    ask(agent, "PUT", f"/responses/{response['id']}/answers", {"answers": answers})
    ask(agent, "POST", f"/interactions/{talk['id']}/marks/ended")
    ask(agent, "PUT", f"/interactions/{talk['id']}/wrap-up", {"outcome": "done"})
    ask(agent, "POST", f"/due-calls/{due['id']}/outcomes",
        {"interaction_id": talk["id"], "outcome": "done"})  # fmt: skip
    return due


def test_from_the_purchase_to_the_closed_case(ask, world, prepared):
    gangnam = str(world.place("GANGNAM").pk)
    customer = ask(world.anna, "POST", "/customers", {
        "name": "한단골", "phone": "010-8888-7777", "home_place_id": gangnam}, 201)  # fmt: skip
    bought = dt.datetime.now(dt.UTC) - dt.timedelta(days=7)
    sale = ask(world.anna, "POST", "/purchases", {
        "customer_id": customer["id"], "place_id": gangnam, "kind": "sale",
        "at": bought.isoformat(), "source": "dms", "source_key": "T1", "amount": "25000000"}, 201)  # fmt: skip
    programmes(ask, world, prepared)
    make_due_calls()

    low = {"reception": 4, "explanation": 4, "contract": 4, "delivery": 1, "overall": 2,
           "voice": "출고가 세 번이나 미뤄졌어요"}  # fmt: skip
    due = one_call(ask, world.ada, prepared["sales"], low)
    assert due["transaction_id"] == sale["id"]

    index = ask(world.grace, "GET", f"/places/{gangnam}/index")
    assert index["processes"]["sales"]["today"]["n"] == 1
    company = ask(world.sue, "GET", f"/places/{world.place('HQ').pk}/index")
    assert company["processes"]["sales"]["today"]["n"] == 1
    assert differences() == []

    (case,) = ask(world.grace, "GET", "/cases")["items"]
    assert case["thread_id"] == due["thread_id"]
    assert case["description"] == "출고가 세 번이나 미뤄졌어요"
    assert ask(world.eve, "GET", "/cases")["items"] == []

    done = {"resolution": "출고일을 확정했습니다"}
    ask(world.grace, "POST", f"/cases/{case['id']}/resolution", done)
    again = one_call(
        ask, world.bob, prepared["confirmation"], {"solved": False, "remaining": "아직요"}
    )
    assert again["thread_id"] == due["thread_id"]
    assert ask(world.grace, "GET", f"/cases/{case['id']}")["state"] == "open"

    ask(world.grace, "POST", f"/cases/{case['id']}/resolution", done)
    one_call(ask, world.bob, prepared["confirmation"], {"solved": True})
    closed = ask(world.grace, "GET", f"/cases/{case['id']}")
    assert (closed["state"], closed["confirmed"]) == ("closed", True)
    ask(world.ada, "POST", "/due-calls/claims", status=204)


def test_what_the_pages_configure_the_api_configures(ask, world):
    made = ask(world.sue, "POST", "/surveys", {
        "key": "short", "title": "짧은 설문", "process": "sales", "body": [
            {"key": "overall", "type": "scale", "item": "overall", "text": {"ko": "전반", "en": "Overall"},
             "scale": {"low": 1, "high": 5}, "required": True}]}, 201)  # fmt: skip
    assert made["number"] == 1
    survey = next(s for s in ask(world.sue, "GET", "/surveys")["items"] if s["key"] == "short")
    ask(world.sue, "POST", f"/surveys/{survey['id']}/publication")
    items = [{"key": "overall", "text": {"ko": "전반", "en": "Overall"}, "weight": 100}]
    assert ask(world.sue, "PUT", "/indexes/sales", {"items": items})["number"] == 1
    category = ask(world.sue, "POST", "/case-categories", {"code": "X", "name": "기타"}, 201)
    rule = ask(world.sue, "POST", "/case-rules", {
        "name": "낮음", "question": "overall", "at_most": 25, "category_id": category["id"]}, 201)  # fmt: skip
    assert [r["id"] for r in ask(world.sue, "GET", "/case-rules")] == [rule["id"]]
    ask(world.sue, "DELETE", f"/case-rules/{rule['id']}")
    assert ask(world.sue, "GET", "/case-rules") == []
    ask(world.ada, "POST", "/case-rules", {"name": "x", "category_id": category["id"]}, 403)
