import json

import pytest

from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import BAD, GOOD, NOON, completed, conversation


@pytest.fixture
def surveys(world):
    return make_default_surveys(by=world.anna)


@pytest.fixture
def call(client):
    """Ask the API as a signed-in person."""

    def ask(who, method, path, body=None):
        client.force_login(who)
        data = json.dumps(body) if body else ""
        return client.generic(method, f"/api/v1{path}", data, content_type="application/json")

    return ask


def test_a_turn_through_the_api(world, surveys, call):
    talk = conversation(world.place("GANGNAM"), world.ada)
    given = {"survey_id": str(surveys["sales"].pk), "customer_id": str(talk.customer_id),
             "thread_id": str(talk.thread_id), "interaction_id": str(talk.pk)}  # fmt: skip
    begun = call(world.ada, "POST", "/responses", given)
    assert begun.status_code == 201, begun.content
    assert call(world.ada, "POST", "/responses", given).json()["id"] == begun.json()["id"]
    path = f"/responses/{begun.json()['id']}"
    refused = call(world.ada, "PUT", f"{path}/answers", {"answers": {"overall": 7}})
    assert refused.status_code == 422
    done = call(world.ada, "PUT", f"{path}/answers", {"answers": GOOD})
    assert done.json()["index"] == 92.5 and done.json()["answers"] == GOOD
    assert call(world.ada, "PUT", f"{path}/answers", {"answers": BAD}).json()["answers"] == GOOD
    assert call(world.grace, "GET", path).json()["answers"] == GOOD
    assert call(world.eve, "GET", path).status_code == 404
    assert call(world.ada, "POST", f"{path}/correction", {"answers": BAD}).status_code == 403
    assert call(world.sue, "POST", f"{path}/correction", {"answers": BAD}).json()["index"] == 17.5
    gone = call(world.sue, "POST", f"{path}/withdrawal", {"reason": "wrong customer"})
    assert gone.json()["withdrawn_at"] is not None


def test_lists_are_scoped_filtered_and_paged(world, surveys, call):
    codes = ["GANGNAM", "MAPO", "HAEUNDAE"]
    made = [str(completed(surveys["sales"], world.place(c), GOOD, at=NOON).pk) for c in codes][::-1]

    def listed(query, user):
        answer = call(user, "GET", f"/responses?{query}").json()
        return [row["id"] for row in answer["items"]], answer["next"]

    assert listed("", world.anna) == (made, "")
    first, further = listed("limit=1", world.anna)
    assert first == made[:1] and listed(f"limit=1&after={further}", world.anna)[0] == made[1:2]
    seoul = world.place("SEOUL").pk
    assert listed(f"place_id={seoul}", world.anna)[0] == made[1:]
    assert listed("day_to=2026-11-19", world.anna)[0] == []
    assert listed("", world.eve)[0] == made[:1]
    assert call(world.eve, "GET", f"/responses?place_id={seoul}").status_code == 404
    told = call(world.sue, "GET", "/surveys").json()["items"]
    assert {s["key"] for s in told} == set(surveys)
    versions = call(world.sue, "GET", f"/surveys/{surveys['sales'].pk}/versions").json()
    assert [v["number"] for v in versions] == [1]


def test_survey_keys_are_refused_to_an_agent(world, surveys, call):
    assert call(world.ada, "GET", "/surveys").status_code == 403
