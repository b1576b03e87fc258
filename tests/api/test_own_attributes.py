"""Own attributes over the API: the same actions as the pages."""

from __future__ import annotations

import json

from dangol.api.actions import make_token
from dangol.customers.actions import add_customer
from dangol.customers.attributes.actions import make_attribute
from dangol.customers.attributes.queries import values_of
from dangol.customers.models import Customer


def test_the_api_reads_and_writes_the_same(client, world):
    customer = add_customer(name="강남고객", home_place=world.place("GANGNAM"), by=None)
    for key, kind in (("tenure", "number"), ("paperless", "yes_no")):
        make_attribute(key=key, name=key, kind=kind, by=None)
    able = ["customers.see", "customers.edit", "attributes.edit"]
    secret = make_token(world.anna, name="t", abilities=able, days=1, by=world.anna)[1]
    token = {"Authorization": f"Bearer {secret}"}

    def send(method, path, body):
        return getattr(client, method)(
            f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=token
        )

    made = send(
        "post",
        "/customer-attributes",
        {"key": "city", "name": "도시", "kind": "choice", "choices": [{"name": "서울"}]},
    )
    assert made.status_code == 201 and made.json()["choices"] == [
        {"code": "서울", "name": "서울", "name_en": ""}
    ]
    changed = send(
        "patch",
        f"/customers/{customer.pk}",
        {"revision": 1, "attributes": {"city": "서울", "tenure": 2, "paperless": True}},
    )
    assert changed.json()["attributes"] == {"city": "서울", "tenure": 2.0, "paperless": True}
    wrong = send(
        "patch", f"/customers/{customer.pk}", {"revision": 2, "attributes": {"city": "부산"}}
    )
    assert wrong.status_code == 422 and values_of(customer.pk)["city"] == "서울"
    late = send("patch", f"/customers/{customer.pk}", {"revision": 1, "attributes": {"city": None}})
    assert late.status_code == 409 and late.json()["theirs"] == {"attribute:city": "서울"}
    assert send("post", "/customer-attributes/city/ending", {}).json()["ended_at"]
    keys = [a["key"] for a in client.get("/api/v1/customer-attributes", headers=token).json()]
    assert keys == ["tenure", "paperless", "city"]
    assert Customer.objects.get(pk=customer.pk).revision == 2
