import pytest
from django.utils import timezone

from dangol.customers.models import Check
from dangol.quality.measures.keeping import measure_records
from dangol.quality.models import Policy
from dangol.quality.queries import policy_in_use
from dangol.quality.tests.factories import a_point, a_task, checked, looked
from dangol.quality.tried.counting import count_checks

JSON = "application/json"


def test_figures_are_those_of_the_pages_and_keep_to_the_scope(world, client):
    checked(a_point(world), "verified")
    checked(a_point(world, "HAEUNDAE"), "wrong")
    count_checks()
    measure_records(policy_in_use(), timezone.localdate())
    client.force_login(world.anna)
    whole = client.get("/api/v1/quality").json()
    assert (whole["tried"]["checked"], whole["tried"]["wrong"], whole["limit"]) == (2, 1, 0.03)
    rows = client.get("/api/v1/quality/rates?by=site").json()
    assert sorted((r["wrong"], r["checked"]) for r in rows) == [(0, 1), (1, 1)]
    measures = client.get("/api/v1/quality/measures").json()
    assert {m["records"] for m in measures} == {2}
    client.force_login(world.grace)
    assert client.get("/api/v1/quality").json()["tried"]["checked"] == 1
    assert {m["records"] for m in client.get("/api/v1/quality/measures").json()} == {1}
    assert client.get("/api/v1/quality/rates?site=HAEUNDAE").status_code == 404
    client.force_login(world.ada)
    assert client.get("/api/v1/quality").status_code == 403


def test_a_task_is_closed_once_by_program(world, client):
    task = a_task(world)
    client.force_login(world.grace)
    listed = client.get("/api/v1/quality/tasks").json()["items"]
    assert [row["id"] for row in listed] == [str(task.pk)]
    assert listed[0]["value"] != task.contact_point.value  # masked
    address = f"/api/v1/quality/tasks/{task.pk}/closure"
    for _twice in range(2):
        answer = client.post(address, {"outcome": "verified"}, content_type=JSON)
        assert (answer.status_code, answer.json()["outcome"]) == (200, "verified")
    assert Check.objects.count() == 1
    client.force_login(world.eve)
    assert client.post(address, {"outcome": "wrong"}, content_type=JSON).status_code == 404


def test_what_cannot_be_is_refused_by_field(world, client):
    task = a_task(world)
    client.force_login(world.grace)
    body = {"outcome": "verified", "new_value": "010-1111-2222"}
    answer = client.post(f"/api/v1/quality/tasks/{task.pk}/closure", body, content_type=JSON)
    assert answer.status_code == 422
    assert not Check.objects.exists()


def test_the_policy_is_changed_by_those_who_may(world, client):
    client.force_login(world.dana)
    change = {"tasks_a_day": 2, "minute_cost": 700}
    answer = client.patch("/api/v1/quality/policy", change, content_type=JSON)
    assert (answer.status_code, answer.json()["tasks_a_day"]) == (200, 2)
    assert policy_in_use().minute_cost == 700
    assert (
        client.patch("/api/v1/quality/policy", {"ask_from": 2}, content_type=JSON).status_code
        == 422
    )
    client.force_login(world.grace)
    assert client.patch("/api/v1/quality/policy", change, content_type=JSON).status_code == 403


def test_before_the_first_night_there_is_no_model(world, client):
    client.force_login(world.anna)
    assert client.get("/api/v1/quality/decay").status_code == 404
    assert client.get("/api/v1/quality/points").json()["items"] == []
    assert client.get("/api/v1/quality/records?field=phone&fault=stale").json()["items"] == []


def test_sites_days_standings_and_wrong_checks_by_program(world, client):
    wrong = checked(a_point(world), "wrong")
    checked(a_point(world, "HAEUNDAE"), "moved")
    looked()
    measure_records(policy_in_use(), timezone.localdate())
    client.force_login(world.anna)
    sites = client.get("/api/v1/quality/measures/sites?field=phone&measure=fresh").json()
    assert {row["records"] for row in sites} == {1} and len(sites) == 2
    days = client.get("/api/v1/quality/measures/days?field=phone").json()
    assert {row["day"] for row in days} == {timezone.localdate().isoformat()}
    assert client.get("/api/v1/quality/standings").json()
    found = client.get("/api/v1/quality/checks?limit=1").json()
    assert len(found["items"]) == 1 and found["next"]
    client.force_login(world.grace)
    mine = client.get("/api/v1/quality/checks").json()["items"]
    assert [row["contact_point_id"] for row in mine] == [str(wrong.pk)]
    assert mine[0]["value"] != wrong.value
    assert client.get("/api/v1/quality/standings").json() == []
    assert client.get("/api/v1/quality/measures/days?field=phone").json() == []
    client.force_login(world.ada)
    assert client.get("/api/v1/quality/standings").status_code == 403


def test_a_task_is_taken_and_left_by_program(world, client):
    task = a_task(world)
    client.force_login(world.grace)
    address = f"/api/v1/quality/tasks/{task.pk}/owner"
    assert client.post(address).json()["assigned_to_id"] == str(world.grace.pk)
    assert client.delete(address).json()["assigned_to_id"] is None
    client.force_login(world.ada)
    assert client.post(address).status_code == 403


@pytest.mark.parametrize("body", ["[]", '"x"', "null", "7", '{"unknown": 1}'])
def test_a_policy_that_is_no_object_is_refused(world, client, body):
    client.force_login(world.dana)
    before = Policy.objects.count()
    answer = client.generic("PATCH", "/api/v1/quality/policy", body, content_type=JSON)
    assert answer.status_code == 422, answer.content
    assert Policy.objects.count() == before


@pytest.mark.parametrize("months", [-1, 0, 121, 10**30])
def test_months_that_cannot_be_are_refused(world, client, months):
    client.force_login(world.anna)
    assert client.get(f"/api/v1/quality/rates?months={months}").status_code == 422
    assert client.get("/api/v1/quality/rates?months=120").status_code == 200
    assert client.get(f"/api/v1/quality/standings?days={months * 7}").status_code == 422
