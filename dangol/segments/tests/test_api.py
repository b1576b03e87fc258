"""The API: the same actions, the same scope, the same refusals."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from dangol.core.models import User
from dangol.core.roles import Role
from dangol.places.actions import grant_role
from dangol.segments.models import Segment
from dangol.segments.refreshing import refresh_segments
from dangol.segments.tests.factories import REGULARS, a_segment, sale, somebody
from dangol.warehouse.actions import copy_changes

pytestmark = pytest.mark.usefixtures("lake_folder")
URL = "/api/v1/segments"


def regular(world, place="GANGNAM"):
    """Somebody who bought twice."""
    one = somebody(world, place)
    sale(one), sale(one)
    return one


def send(client, method, address, body):
    """A request with JSON."""
    return getattr(client, method)(address, body, content_type="application/json")


def test_a_segment_from_making_to_its_members(client, world):
    kim = regular(world)
    copy_changes()
    client.force_login(world.mark)
    place = str(world.place("HQ").pk)
    told = send(client, "post", f"{URL}/count", {"rule": REGULARS}).json()
    assert told == {"sentence": "최근 365일 거래 2번 이상", "count": 1, "of": 1}
    made = send(client, "post", URL, {"name": "단골", "place_id": place, "rule": REGULARS})
    assert made.status_code == 201
    key = made.json()["id"]
    refresh_segments()
    got = client.get(f"{URL}/{key}").json()
    assert (got["size"], got["version"], got["rule"]) == (1, 1, REGULARS)
    assert client.get(f"{URL}/{key}/members").json()["items"] == [{"id": str(kim.pk)}]
    assert client.get(f"{URL}/{key}/sizes").json()["items"][0]["size"] == 1
    assert send(client, "post", f"{URL}/profile", {"rule": REGULARS}).status_code == 200
    assert client.get(f"{URL}/catalogue").json()["facts"]
    changed = send(client, "patch", f"{URL}/{key}", {"rule": {"everyone": True}}).json()
    assert (changed["version"], changed["sentence"]) == (2, "모든 고객")
    assert [v["number"] for v in client.get(f"{URL}/{key}/versions").json()["items"]] == [2, 1]
    assert send(client, "post", f"{URL}/{key}/end", {}).json()["ended_at"]
    assert send(client, "post", f"{URL}/{key}/resumption", {}).json()["ended_at"] is None


def test_a_subscriber_outside_reads_on_and_says_how_far(client, world):
    segment = a_segment(world)
    somebody(world)
    copy_changes()
    refresh_segments()
    client.force_login(world.mark)
    address = f"{URL}/{segment.pk}"
    assert send(client, "put", f"{address}/subscriptions/crm", {"position": 1}).status_code == 404
    begun = send(client, "post", f"{address}/subscriptions", {"name": "crm"}).json()
    kim = regular(world)
    copy_changes()
    refresh_segments()
    [new] = client.get(f"{address}/changes?since={begun['position']}").json()["items"]
    assert (new["customer_id"], new["entered"]) == (str(kim.pk), True)
    sent = {"position": new["position"]}
    assert (
        send(client, "put", f"{address}/subscriptions/crm", sent).json()["position"]
        == new["position"]
    )
    assert client.get(f"{address}/changes?since={new['position']}").json()["items"] == []


def test_refusals(client, world):
    segment = a_segment(world, place=world.place("SEOUL"))
    client.force_login(world.mark)
    place = str(world.place("HQ").pk)
    wrong = send(client, "post", URL, {"name": "x", "place_id": place, "rule": {"all": [{"x": 1}]}})
    assert wrong.status_code == 422 and wrong.json()["errors"][0]["field"] == "rule.all[0]"
    assert send(client, "post", f"{URL}/count", {"rule": REGULARS}).status_code == 503
    client.force_login(world.eve)
    assert client.get(f"{URL}/{segment.pk}").status_code == 404
    client.force_login(world.rex)
    assert client.get(f"{URL}/{segment.pk}").status_code == 200
    assert send(client, "patch", f"{URL}/{segment.pk}", {"name": "y"}).status_code == 403
    client.force_login(world.pia)
    assert client.get(URL).status_code == 403
    assert Segment.objects.count() == 1


def test_a_list_is_uploaded_and_forgotten(client, world):
    kim = somebody(world)
    type(kim).objects.filter(pk=kim.pk).update(source="crm", source_key="A-1")
    client.force_login(world.mark)
    sent = {"name": "명단", "place_id": str(world.place("HQ").pk)}
    file = SimpleUploadedFile("list.csv", b"A-1\nnobody\n")
    made = client.post("/api/v1/segment-lists", sent | {"file": file})
    assert made.status_code == 201
    told = made.json()
    assert (told["taken"], told["refused"]) == (1, 1)
    assert told["refusals"] == [[2, "nobody", "no such customer whom you may see"]]
    assert len(client.get("/api/v1/segment-lists").json()["items"]) == 1
    assert client.post(f"/api/v1/segment-lists/{told['id']}/end").status_code == 200
    assert client.get("/api/v1/segment-lists").json()["items"] == []
    client.force_login(world.alan)
    file = SimpleUploadedFile("list.csv", b"A-1\n")
    assert client.post("/api/v1/segment-lists", sent | {"file": file}).status_code == 403


def test_what_is_wrong_with_a_rule_is_named_by_its_place(client, world):
    client.force_login(world.mark)
    place, gone = str(world.place("HQ").pk), "11111111-1111-4111-8111-111111111111"
    rules = {
        "rule.all[1].count": {"all": [{"everyone": True}, {"count": {"of": "transactions"}, "from": "x"}]},
        "rule.any[0].not.segment": {"any": [{"not": {"segment": gone}}]},
        "rule.oops": {"oops": 1},
    }  # fmt: skip
    for field, rule in rules.items():
        answer = send(client, "post", URL, {"name": "단골", "place_id": place, "rule": rule})
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert error["field"].startswith(field.removesuffix(".oops")) and error["message"]
    assert not Segment.objects.exists()


def test_a_body_that_cannot_be_read_says_where(client, world):
    client.force_login(world.mark)
    bad = {'{"rule":\n {"all": [}}': "2", '{"rule": {"all": ["\\u0000"]}}': "rule.all[0]"}
    for body, place in bad.items():
        answer = client.post(f"{URL}/count", body, content_type="application/json")
        assert answer.status_code == 400 and place in answer.json()["detail"]


def test_a_regional_marketer_counts_among_the_customers_of_the_region(client, world):
    regular(world), regular(world, "HAEUNDAE"), somebody(world)
    copy_changes()
    region = world.place("MAPO").parent
    regional = User.objects.create(email="regional@example.com", name="권역")
    grant_role(regional, Role.MARKETER, region, by=None)
    client.force_login(regional)
    told = send(client, "post", f"{URL}/count", {"rule": REGULARS}).json()
    assert (told["count"], told["of"]) == (1, 2)
    page = send(client, "post", "/segments/count/", {"rule": REGULARS}).json()
    assert (page["count"], page["of"], page["place"]) == (1, 2, str(region))
    client.force_login(world.mark)
    page = send(client, "post", "/segments/count/", {"rule": REGULARS}).json()
    assert (page["count"], page["of"], page["place"]) == (2, 3, "")
