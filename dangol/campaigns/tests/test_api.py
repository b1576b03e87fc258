"""A due call through the API alone."""

import json
import uuid

import pytest
from django.utils import timezone

from dangol.campaigns.models import Attempt, Campaign, Target
from dangol.campaigns.tests.factories import customer, programme, stage, target

DAY = {str(n): [["00:00", "24:00"]] for n in range(7)}


@pytest.fixture
def ask(client):
    def do(who, method, path, body=None):
        client.force_login(who)
        text = json.dumps(body) if body is not None else ""
        response = client.generic(method, f"/api/v1{path}", text, content_type="application/json")
        return response.status_code, (json.loads(response.content) if response.content else None)

    return do


@pytest.fixture
def due(world):
    campaign = programme(world.place("HQ"), hours=DAY, country="")
    return target(stage(campaign), customer(), at=timezone.now(), place=world.place("GANGNAM"))


def test_claim_talk_and_outcome(world, ask, due):
    assert ask(world.ada, "PUT", "/agents/me/state", {"state": "available"})[0] == 200
    code, claimed = ask(world.ada, "POST", "/due-calls/claims")
    assert (code, claimed["id"]) == (201, str(due.pk))
    assert ask(world.bob, "POST", "/due-calls/claims")[0] == 204
    talk = {"customer_id": claimed["customer_id"], "thread_id": claimed["thread_id"]}
    code, opened = ask(world.ada, "POST", "/interactions", talk)
    assert (code, opened["place_id"]) == (201, str(due.place_id))
    path = f"/interactions/{opened['id']}"
    result = {"interaction_id": opened["id"], "outcome": "done"}
    assert ask(world.ada, "POST", f"/due-calls/{due.pk}/outcomes", result)[0] == 409
    for mark in ("ringing", "answered", "ended"):
        assert ask(world.ada, "POST", f"{path}/marks/{mark}")[0] == 200
    ask(world.ada, "PUT", f"{path}/wrap-up", {"outcome": "done", "note": "만족"})
    code, after = ask(world.ada, "POST", f"/due-calls/{due.pk}/outcomes", result)
    assert (code, after["result"]) == (200, "done")
    assert ask(world.ada, "POST", f"/due-calls/{due.pk}/outcomes", result)[0] == 404
    assert Attempt.objects.count() == 1


def test_only_the_holder_renews_releases_and_records(world, ask, due):
    ask(world.ada, "POST", "/due-calls/claims")
    assert ask(world.bob, "POST", f"/due-calls/{due.pk}/renewal")[0] == 404
    assert ask(world.bob, "DELETE", f"/due-calls/{due.pk}/claim")[0] == 404
    due.refresh_from_db()
    assert due.leased_by == world.ada
    assert ask(world.ada, "POST", f"/due-calls/{due.pk}/renewal")[0] == 200
    assert ask(world.ada, "DELETE", f"/due-calls/{due.pk}/claim")[0] == 204
    due.refresh_from_db()
    assert due.leased_by is None


def test_programmes_are_made_paused_and_read(world, ask):
    body = {"name": "해피콜", "place_id": str(world.place("HQ").pk), "starts_on": "2026-03-01"}
    code, made = ask(world.sue, "POST", "/programmes", body)
    assert code == 201
    path = f"/programmes/{made['id']}"
    stage_body = {"name": "7일", "days_after": 7, "kind": "sale"}
    assert ask(world.sue, "POST", f"{path}/stages", stage_body)[1]["stages"][0]["days_after"] == 7
    assert ask(world.sue, "POST", f"{path}/pause")[1]["paused_at"] is not None
    assert ask(world.sue, "DELETE", f"{path}/pause")[1]["paused_at"] is None
    assert ask(world.sue, "GET", path)[1]["open"] == 0
    assert len(ask(world.sue, "GET", "/programmes")[1]["items"]) == 1


def test_wrong_roles_are_refused_and_nothing_changes(world, ask, due):
    key = due.campaign_id
    assert ask(world.ada, "GET", f"/programmes/{key}")[0] == 403
    assert ask(world.mark, "POST", f"/programmes/{key}/pause")[0] == 403
    assert ask(world.grace, "POST", "/due-calls/claims")[0] == 403
    assert ask(world.ada, "GET", "/agents")[0] == 403
    assert ask(world.sue, "GET", f"/programmes/{uuid.uuid4()}")[0] == 404
    assert Campaign.objects.get().paused_at is None
    assert Target.objects.get().leased_by is None


def test_due_calls_decisions_and_agents_are_listed(world, ask, due):
    key = due.campaign_id
    items = ask(world.sue, "GET", f"/programmes/{key}/due-calls")[1]["items"]
    assert [one["id"] for one in items] == [str(due.pk)]
    assert ask(world.sue, "GET", f"/programmes/{key}/decisions")[1]["items"] == []
    names = {one["name"] for one in ask(world.sue, "GET", "/agents")[1]}
    assert names == {world.ada.name, world.bob.name}


def test_a_state_with_a_wrong_reason_is_refused(world, ask):
    assert ask(world.ada, "PUT", "/agents/me/state", {"state": "training", "reason": "meal"})[
        0
    ] in (400, 422)
    assert ask(world.ada, "GET", "/agents/me/state")[1]["state"] == "offline"
    assert ask(world.ada, "GET", "/interactions")[1]["items"] == []
