"""The API: the same actions, the same scope, the same refusals."""

from __future__ import annotations

import pytest

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
    assert wrong.status_code == 422 and "all › 1" in wrong.json()["errors"][0]["message"]
    assert send(client, "post", f"{URL}/count", {"rule": REGULARS}).status_code == 503
    client.force_login(world.eve)
    assert client.get(f"{URL}/{segment.pk}").status_code == 404
    client.force_login(world.rex)
    assert client.get(f"{URL}/{segment.pk}").status_code == 200
    assert send(client, "patch", f"{URL}/{segment.pk}", {"name": "y"}).status_code == 403
    client.force_login(world.pia)
    assert client.get(URL).status_code == 403
    assert Segment.objects.count() == 1
