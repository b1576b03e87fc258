"""What cannot be reached with is refused where it was said, and nothing is kept or made."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dangol.sources.connecting import Ask, connector
from dangol.sources.connections import check_connection
from dangol.sources.models import Source
from dangol.sources.tests.factories import MAPPING

LOCAL = {"host": "127.0.0.1", "port": 1, "user": "x"}
WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("postgresql", {"port": "abc"}, "", "reach.port"),
    ("postgresql", {"port": "²"}, "", "reach.port"),
    ("postgresql", {"port": 70_000}, "", "reach.port"),
    ("postgresql", {"port": True}, "", "reach.port"),
    ("postgresql", {"host": 5}, "", "reach.host"),
    ("postgresql", {"user": True}, "", "reach.user"),
    ("postgresql", {"socket": True}, "", "reach.socket"),
    ("postgresql", {"database": 7}, "", "reach.database"),
    ("postgresql", {"host": "가" * 90}, "", "reach.host"),
    ("mariadb", {"host": "a..b"}, "", "reach.host"),
    ("database", {}, "postgresql://h:abc/db", "hidden"),
    ("database", {}, "no address", "hidden"),
    ("database", {}, "nothing://h/db", "hidden"),
    ("database", {}, "mysql+pymysql://127.0.0.1/db?foo=1", "hidden"),
    ("database", {}, "mysql+pymysql://127.0.0.1/db?charset=zzz", "hidden"),
    ("database", {}, "mysql+pymysql://127.0.0.1/db?ssl_ca=/nowhere", "hidden"),
    ("database", {}, "sqlite:///x?timeout=abc", "hidden"),
    ("rest", {"url": "http://[::1"}, "", "reach.url"),
    ("rest", {"url": "ftp://a.example"}, "", "reach.url"),
    ("rest", {"url": "https://a.example", "size": "many"}, "", "reach.size"),
    ("rest", {"url": "https://a.example", "paging": "else"}, "", "reach.paging"),
    ("rest", {"url": "https://a.example", "header": "a: b"}, "", "reach.header"),
    ("rest", {"url": "https://a.example"}, "a\nb: c", "hidden"),
    ("folder", {"folder": 10**400}, "", "reach.folder"),
]


@pytest.mark.parametrize(("kind", "reach", "hidden", "field"), WRONG)
def test_a_setting_that_cannot_be_is_named(db, kind, reach, hidden, field):
    said = (LOCAL if kind in {"postgresql", "mariadb"} else {}) | reach
    with pytest.raises(ValidationError) as refusal:
        check_connection(kind, said, hidden)
    assert set(refusal.value.message_dict) == {field}


@pytest.mark.parametrize(("kind", "reach", "hidden", "field"), WRONG)
def test_a_program_is_told_the_setting_and_nothing_is_kept(
    client, world, kind, reach, hidden, field
):
    body = {
        "code": "x", "name": "x", "entity": "person", "connection": kind, "hidden": hidden,
        "reach": (LOCAL if kind in {"postgresql", "mariadb"} else {}) | reach,
        "place": "people", "mapping": MAPPING,
    }  # fmt: skip
    client.force_login(world.anna)
    answer = client.post("/api/v1/sources", json.dumps(body), content_type="application/json")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Source.objects.exists()


def test_the_page_tells_a_wrong_setting_at_its_field(client, world):
    client.force_login(world.anna)
    said = {"name": "x", "code": "x", "entity": "person", "host": "h", "port": "abc",
            "database": "d", "user": "u"}  # fmt: skip
    answer = client.post(reverse("sources:new") + "?connection=postgresql", said)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["port"]


def test_a_file_below_the_inbox_is_read_and_not_written(inbox):
    with sqlite3.connect(inbox / "shop.db") as shop:
        shop.execute("CREATE TABLE people (id text PRIMARY KEY, name text)")
        shop.execute("INSERT INTO people VALUES ('1', '김철수')")
    shop.close()
    opened = connector("database", {}, "sqlite:///shop.db")
    pieces = list(opened.read(Ask("people", ["id", "name"], ["id"])))
    assert [row for piece in pieces for row in piece.rows] == [["1", "김철수"]]
    with opened.connected() as line, pytest.raises(Exception, match="readonly"):  # type: ignore[attr-defined]
        line.exec_driver_sql("DELETE FROM people")
    opened.close()
    assert [path.name for path in inbox.iterdir()] == ["shop.db"]


@pytest.mark.parametrize(
    "address",
    ["sqlite:///new.db", "sqlite://", "sqlite:///:memory:", "sqlite:///../secret.db",
     "sqlite:///{outside}", "sqlite:///file:new.db?uri=true&mode=rwc", "sqlite:///link.db",
     "sqlite+aiosqlite:///new.db"],
)  # fmt: skip
def test_no_other_file_is_opened_or_made(inbox, tmp_path, address):
    secret = tmp_path / "secret.db"
    with sqlite3.connect(secret) as line:
        line.execute("CREATE TABLE people (id text)")
    (inbox / "link.db").symlink_to(secret)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ValidationError):
        check_connection("database", {}, address.format(outside=secret))
    assert sorted(tmp_path.rglob("*")) == before
