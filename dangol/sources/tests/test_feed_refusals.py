"""What programs say wrongly of the outgoing feed is refused and named."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dangol.customers.actions import add_customer
from dangol.sources.models import Subscriber
from dangol.sources.outgoing.actions import subscribe
from dangol.sources.tests.test_api import call

ERP = {"name": "erp", "entity": "customer", "way": "api"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "cursor",
    ["\uff11.\uff12", "1_0.1", "%2B1.2", "1.%2B2", "%201.2", "1.2%0A", "-1.2", "1", "1.", ".1", "1.2.3",
     "\u0661.\u0662", "9223372036854775808.0", "9" * 30 + ".1"],
)  # fmt: skip
def test_what_only_looks_like_a_cursor_is_none(client, world, cursor):
    made = call(client, world.anna, "POST", "/subscribers", ERP).json()
    add_customer(name="김철수", by=None)
    answer = call(client, world.anna, "GET", f"/changes?subscriber_id={made['id']}&cursor={cursor}")
    assert answer.status_code == 400, answer.content


@pytest.mark.django_db(transaction=True)
def test_a_cursor_of_the_future_is_told_and_nothing_begins_anew(client, world):
    made = call(client, world.anna, "POST", "/subscribers", ERP).json()
    add_customer(name="김철수", by=None)
    path = f"/changes?subscriber_id={made['id']}"
    now = call(client, world.anna, "GET", path).json()["cursor"]
    xid, number = now.split(".")
    for ahead in (
        f"{int(xid) + 10**6}.{number}",
        f"{xid}.{int(number) + 10**6}",
        "9223372036854775806.1",
    ):
        answer = call(client, world.anna, "GET", f"{path}&cursor={ahead}")
        assert answer.status_code == 409 and "가장 새로운 변경보다 뒤" in answer.json()["detail"]
    for honest in (now, made["cursor"], "0.0"):
        assert call(client, world.anna, "GET", f"{path}&cursor={honest}").status_code == 200


@pytest.mark.parametrize(
    ("more", "field"),
    [({"name": ""}, "name"), ({"name": " \u3000"}, "name"), ({"address": "https://a.example"}, "address"),
     ({"address": "erp/customers"}, "address")],
)  # fmt: skip
def test_a_subscriber_without_a_name_or_with_an_address_that_nobody_uses_is_refused(
    client, world, more, field
):
    answer = call(client, world.anna, "POST", "/subscribers", ERP | more)
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    with pytest.raises(ValidationError):
        subscribe(**ERP | more, by=None)
    client.force_login(world.anna)
    page = client.post(reverse("sources:subscriber_new"), ERP | more)
    assert page.status_code == 422 and list(page.context["form"].errors) == [field]
    assert not Subscriber.objects.exists()
