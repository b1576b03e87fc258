"""Programs connect sources, run them, see what was refused, and follow the changes."""

from __future__ import annotations

import json

import pytest

from dangol.customers.actions import add_customer
from dangol.customers.models import Customer
from dangol.sources.models import Run, Source
from dangol.sources.outgoing.beginning import begin_all
from dangol.sources.running.carrying import carry_on
from dangol.sources.tests.factories import HEADINGS, MAPPING, PEOPLE, a_source_of_files, put

BODY = {
    "code": "pos", "name": "매장 POS", "entity": "person", "connection": "folder",
    "reach": {"folder": "pos"}, "place": "*.csv", "mapping": MAPPING, "trust": {"phone": 80},
    "schedule": {"schedule": "30 2 * * *"},
}  # fmt: skip


def call(client, user, method: str, path: str, body=None):  # type: ignore[no-untyped-def]
    client.force_login(user)
    text = json.dumps(body) if body is not None else ""
    return client.generic(method, f"/api/v1{path}", text, content_type="application/json")


def test_a_program_connects_and_runs_a_source(client, world):
    put("people.csv", [HEADINGS, *PEOPLE, ["", "무번호", "", "", ""]], folder="pos")
    made = call(client, world.anna, "POST", "/sources", BODY)
    assert made.status_code == 201, made.content
    key = made.json()["id"]
    assert made.json()["next_at"] and "hidden" not in made.json() and "secret" not in made.json()
    run = call(client, world.anna, "POST", f"/sources/{key}/runs", {})
    assert run.status_code == 202
    carry_on(Run.objects.get().pk)
    told = call(client, world.anna, "GET", f"/source-runs/{run.json()['id']}").json()
    assert (told["state"], told["new"], told["refused"]) == ("finished", 3, 1)
    refused = call(client, world.anna, "GET", f"/source-runs/{told['id']}/refused").json()["items"]
    assert [row["line"] for row in refused] == [4]
    assert call(client, world.anna, "POST", f"/sources/{key}/pause").json()["paused_at"]


def test_what_cannot_be_keeps_nothing(client, world):
    put("people.csv", [HEADINGS, *PEOPLE], folder="pos")
    wrong = BODY | {"mapping": {"name": {"from": ["성명"]}}}
    answer = call(client, world.anna, "POST", "/sources", wrong)
    assert answer.status_code == 422
    assert not Source.objects.exists()


@pytest.mark.parametrize("who", ["sue", "ada", "grace", "mark", "alan", "pia"])
def test_who_may_not_is_refused(client, world, who):
    user = getattr(world, who)
    assert call(client, user, "GET", "/sources").status_code == 403
    assert call(client, user, "POST", "/sources", BODY).status_code == 403
    assert not Source.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_program_follows_the_changes_by_cursor(client, world):
    body = {"name": "erp", "entity": "customer", "way": "api"}
    made = call(client, world.anna, "POST", "/subscribers", body).json()
    add_customer(name="김철수", by=None)
    path = f"/changes?subscriber_id={made['id']}"
    assert call(client, world.anna, "GET", path).json()["more"] is True
    assert begin_all() == 0
    first = call(client, world.anna, "GET", path).json()
    assert [item["name"] for item in first["items"]] == ["김철수"] and first["more"] is False
    Customer.objects.update(tier="gold")
    second = call(client, world.anna, "GET", f"{path}&cursor={first['cursor']}").json()
    assert [item["tier"] for item in second["items"]] == ["gold"]
    third = call(client, world.anna, "GET", f"{path}&cursor={second['cursor']}").json()
    assert third["items"] == [] and third["cursor"] == second["cursor"]
    assert call(client, world.anna, "GET", f"{path}&cursor=x").status_code == 400
    assert call(client, world.ada, "GET", path).status_code == 403


@pytest.mark.parametrize("body", [[], "x", {"trust": {"name": True}}, {"schedule": []},
                                  {"mapping": {"name": []}}, {"unknown": 1}])  # fmt: skip
def test_a_change_that_says_nothing_known_is_refused(client, world, body):
    source = a_source_of_files("pos", by=world.anna)
    answer = call(client, world.anna, "PATCH", f"/sources/{source.pk}", body)
    assert answer.status_code == 422, answer.content
    before, source = source, Source.objects.get()
    assert (source.mapping, source.trust, source.schedule) == (before.mapping, {}, before.schedule)


@pytest.mark.parametrize(
    "step",
    [["date", "zzz"], ["phone", "²"], ["part", "②"], ["part", "9" * 5000], ["upper", "x"],
     ["codes", ""], ["nothing"], []],
)  # fmt: skip
def test_a_transformation_that_cannot_work_is_refused_when_it_is_said(client, world, step):
    source = a_source_of_files("pos", by=world.anna)
    wrong = MAPPING | {"born_on": {"from": ["생년월일"], "do": [step]}}
    answer = call(client, world.anna, "PATCH", f"/sources/{source.pk}", {"mapping": wrong})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["mapping"]
    assert Source.objects.get().mapping == source.mapping
