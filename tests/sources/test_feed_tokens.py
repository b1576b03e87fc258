"""A program's token gets by feed only what it may read."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dangol.api.actions import make_token
from dangol.core.models import User
from dangol.sources.outgoing.models import Subscriber

pytestmark = pytest.mark.django_db(transaction=True)
FILE = {"name": "x", "way": "file", "address": "erp", "schedule": "0 3 * * *"}
NEEDED = [
    ("customer", "customers.see_unmasked"), ("transaction", "purchases.see"),
    ("site", "places.see"), ("product", "purchases.see"),
]  # fmt: skip


def by_token(client: Any, who: User, *abilities: str) -> dict[str, Any]:
    """How a program comes in with a token of a person."""
    _token, secret = make_token(who, name="t", abilities=abilities, days=1, by=who)
    return {"headers": {"Authorization": f"Bearer {secret}"}, "content_type": "application/json"}


@pytest.mark.parametrize(("entity", "ability"), NEEDED)
def test_a_token_that_may_not_read_an_entity_sends_it_nowhere(client, world, entity, ability):
    body = json.dumps(FILE | {"entity": entity})
    narrow = by_token(client, world.anna, "sources.see", "sources.change")
    assert client.post("/api/v1/subscribers", body, **narrow).status_code == 403
    assert not Subscriber.objects.exists()
    wide = by_token(client, world.anna, "sources.see", "sources.change", ability)
    assert client.post("/api/v1/subscribers", body, **wide).status_code == 201
    found = Subscriber.objects.get()
    asked = f"/api/v1/changes?subscriber_id={found.pk}"
    assert client.get(asked, **narrow).status_code == 403
    assert client.get(asked, **wide).status_code == 200
