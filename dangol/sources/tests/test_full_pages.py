"""Pages of the change feed come full, and `more` is said until a subscriber was told all."""

from __future__ import annotations

import uuid

import pytest

from dangol.core.ids import uuid7
from dangol.customers.actions import add_contact_point, add_customer
from dangol.sources.outgoing import feed
from dangol.sources.outgoing.actions import subscribe
from dangol.sources.outgoing.beginning import begin_all
from dangol.sources.outgoing.feed import changes_after
from dangol.sources.outgoing.models import Change, Subscriber
from dangol.sources.tests.slow import adding_slowly
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def noted(*pages: list[uuid.UUID]) -> None:
    """Changes as triggers note them, all settled."""
    for keys in pages:
        Change.objects.create(entity="customer", keys=keys, xid=7)


def listening(world: World, **more: bool) -> Subscriber:
    """A system that asks the API."""
    return subscribe(name="x", entity="customer", way="api", by=world.anna, **more)[0]


def asked(client, listener: Subscriber, **said: object):  # type: ignore[no-untyped-def]
    answer = client.get("/api/v1/changes", {"subscriber_id": listener.pk, **said})
    assert answer.status_code == 200
    return answer.json()


def test_a_page_is_full_though_each_row_changed_several_times(db):
    keys = [uuid7() for _ in range(300)]
    noted(*([key] for key in keys for _ in range(4)))
    first = changes_after("customer", (0, 0), 200)
    assert (first.keys, first.more) == (keys[:200], True)
    second = changes_after("customer", first.position, 200)
    assert (second.keys[-100:], second.more) == (keys[200:], False)


def test_a_page_never_holds_more_than_was_asked_for(db):
    keys = [uuid7() for _ in range(250)]
    noted(keys[:100], keys[100:200], keys[150:250])
    first = changes_after("customer", (0, 0), 200)
    assert (first.keys, first.more) == (keys[:200], True)
    assert changes_after("customer", first.position, 200).keys == keys[150:]


def test_one_row_that_changed_without_end_is_told_in_bounded_pages(db, monkeypatch):
    monkeypatch.setattr(feed, "FARTHEST", 50)
    key, other = uuid7(), uuid7()
    noted(*([key] for _ in range(60)), [other])
    first = changes_after("customer", (0, 0), 200)
    assert (first.keys, first.more) == ([key], True)
    second = changes_after("customer", first.position, 200)
    assert (second.keys, second.more) == ([key, other], False)


def test_more_is_said_while_the_beginning_is_prepared(client, world):
    add_customer(name="김철수", by=None)
    client.force_login(world.anna)
    listener = listening(world, everything=True)
    early = asked(client, listener)
    assert (early["items"], early["more"]) == ([], True)
    while begin_all():
        pass
    told = asked(client, listener, cursor=early["cursor"])
    assert ([item["name"] for item in told["items"]], told["more"]) == (["김철수"], False)


def test_more_is_said_while_a_change_waits_for_an_older_transaction(client, world):
    client.force_login(world.anna)
    listener = listening(world)
    while begin_all():
        pass
    with adding_slowly("느린이"):
        one = add_customer(name="빠른이", by=None)
        add_contact_point(one, "phone", "010-2345-6789", by=None)
        early = asked(client, listener)
    late = asked(client, listener, cursor=early["cursor"])
    assert (early["items"], early["more"]) == ([], True)
    assert ([item["name"] for item in late["items"]], late["more"]) == (["느린이", "빠른이"], False)
