"""The API's operations, mounted as the lead mounts them, without its sign-in by token."""

import json

import pytest
from django.core.exceptions import ValidationError
from ninja import NinjaAPI
from ninja.testing import TestClient

from dangol.board.api import router as board_router
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.api import router
from dangol.surveys.tests.factories import BAD, GOOD, NOON, completed, conversation

api = NinjaAPI(urls_namespace="surveys-test")
api.add_router("", router)
api.add_router("", board_router)
client = TestClient(api)


@pytest.fixture
def surveys(world):
    return make_default_surveys(by=world.anna)


def test_a_turn_through_the_api(world, surveys):
    call = conversation(world.place("GANGNAM"), world.ada)
    given = {"survey": "sales", "customer_id": str(call.customer_id), "place": "GANGNAM",
             "thread_id": str(call.thread_id), "interaction_id": str(call.pk)}  # fmt: skip
    begun = client.post("/responses", json=given, user=world.ada, META={})
    assert begun.status_code == 201, begun.content
    again = client.post("/responses", json=given, user=world.ada, META={})
    assert again.json()["id"] == begun.json()["id"]
    path = f"/responses/{begun.json()['id']}"
    done = client.put(f"{path}/answers", json={"answers": GOOD}, user=world.ada, META={})
    assert done.json()["index"] == 92.5 and done.json()["answers"] == GOOD
    client.put(f"{path}/answers", json={"answers": BAD}, user=world.ada, META={})
    assert client.get(path, user=world.grace, META={}).json()["answers"] == GOOD
    assert client.get(path, user=world.eve, META={}).status_code == 404
    with pytest.raises(ValidationError):
        client.post(f"{path}/correction", json={"answers": {"overall": 7}}, user=world.sue, META={})
    right = client.post(f"{path}/correction", json={"answers": BAD}, user=world.sue, META={})
    assert right.json()["index"] == 17.5
    gone = client.post(f"{path}/withdrawal", user=world.sue, META={})
    assert gone.json()["withdrawn_at"] is not None


def test_lists_are_scoped_filtered_and_paged(world, surveys):
    codes = ["GANGNAM", "MAPO", "HAEUNDAE"]
    keys = [str(completed(surveys["sales"], world.place(c), GOOD, at=NOON).pk) for c in codes]

    def listed(query, user):
        answer = client.get(f"/responses?{query}", user=user, META={})
        assert answer.status_code == 200, answer.content
        return [row["id"] for row in json.loads(answer.content)]

    assert listed("", world.anna) == keys
    assert listed("limit=1", world.anna) == keys[:1]
    assert listed(f"limit=1&after={keys[0]}", world.anna) == keys[1:2]
    assert listed("place=SEOUL", world.anna) == keys[:2]
    assert listed("day_to=2026-11-19", world.anna) == []
    assert listed("", world.eve) == keys[2:]
    assert client.get("/responses?place=SEOUL", user=world.eve, META={}).status_code == 404
    assert [s["key"] for s in client.get("/surveys", user=world.sue, META={}).json()] == list(
        surveys
    )
    assert client.get("/surveys/sales/versions", user=world.sue, META={}).json()[0]["number"] == 1


def test_the_index_of_a_place(world, surveys):
    from django.core.cache import cache
    from django.utils import timezone

    cache.clear()
    completed(surveys["sales"], world.place("GANGNAM"), GOOD, at=timezone.now())
    told = client.get("/places/SEOUL/index", user=world.rex, META={}).json()
    assert told["processes"]["sales"]["today"] == {"n": 1, "mean": 92.5, "low": 0.0, "high": 100.0}
    assert client.get("/places/SEOUL/index", user=world.eve, META={}).status_code == 404
    cache.clear()
