"""Other systems are asked while nothing of ours is locked; what changed meanwhile is not overwritten."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from dangol.sources.actions import choose_place, keep_place, read_headings
from dangol.sources.connecting.folder import Folder
from dangol.sources.connections import change_connection, keep_connection, try_connection
from dangol.sources.models import Source
from dangol.sources.tests.factories import HEADINGS, PEOPLE, a_source_of_files, put
from dangol.sources.tests.test_api import BODY, call

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def asked(monkeypatch) -> list[tuple[str, bool]]:  # type: ignore[no-untyped-def]
    """Which questions went to another system, and whether a transaction of ours was open."""
    found: list[tuple[str, bool]] = []
    for name in ("test", "columns"):
        usual = getattr(Folder, name)

        def looking(self: Folder, *said: Any, name: str = name, usual: Any = usual) -> Any:
            found.append((name, connection.in_atomic_block))
            return usual(self, *said)

        monkeypatch.setattr(Folder, name, looking)
    return found


def test_the_actions_look_before_they_lock(asked):
    source = a_source_of_files("shop")
    put("more.csv", [HEADINGS, *PEOPLE], folder="other")
    source = choose_place(source, "people.csv", by=None)
    change_connection(source, reach={"folder": "other"}, by=None)
    assert {name for name, _open in asked} == {"test", "columns"}
    assert not any(is_open for _name, is_open in asked)


def test_so_does_the_api_also_when_several_things_are_said_at_once(asked, client, world):
    put("people.csv", [HEADINGS, *PEOPLE], folder="pos")
    put("people.csv", [HEADINGS, *PEOPLE], folder="other")
    made = call(client, world.anna, "POST", "/sources", BODY)
    assert made.status_code == 201, made.content
    change = {"reach": {"folder": "other"}, "place": "people.csv", "trust": {"phone": 90}}
    answer = call(client, world.anna, "PATCH", f"/sources/{made.json()['id']}", change)
    assert answer.status_code == 200, answer.content
    source = Source.objects.get()
    assert (source.reach, source.place, source.trust) == ({"folder": "other"}, "people.csv", {"phone": 90})  # fmt: skip
    assert len(asked) == 4 and not any(is_open for _name, is_open in asked)


def test_a_change_of_which_a_part_cannot_be_keeps_nothing(client, world):
    source = a_source_of_files("pos")
    put("people.csv", [HEADINGS, *PEOPLE], folder="other")
    change = {"reach": {"folder": "other"}, "mapping": {"name": {"from": ["없는 열"]}}}
    assert call(client, world.anna, "PATCH", f"/sources/{source.pk}", change).status_code == 422
    assert Source.objects.get().reach == {"folder": "pos"}


def test_what_was_seen_of_a_source_that_is_reached_otherwise_by_now_is_not_kept():
    source = a_source_of_files("shop")
    put("people.csv", [["x"], ["1"]], folder="other")
    seen = read_headings(source, "people.csv")
    change_connection(source, reach={"folder": "other"}, by=None)
    with pytest.raises(ValidationError):
        keep_place(source, seen, by=None)
    assert Source.objects.get().place == "*.csv"


def test_of_two_who_reach_it_otherwise_the_later_is_told():
    source = a_source_of_files("shop")
    put("people.csv", [HEADINGS], folder="a")
    put("people.csv", [HEADINGS], folder="b")
    tried = try_connection(source, reach={"folder": "a"})
    change_connection(source, reach={"folder": "b"}, by=None)
    with pytest.raises(ValidationError):
        keep_connection(source, tried, by=None)
    assert Source.objects.get().reach == {"folder": "b"}
