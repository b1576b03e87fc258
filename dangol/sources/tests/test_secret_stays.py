"""A stored secret goes to no other place than the one for which it was given."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dangol.core.sealing import seal
from dangol.sources.actions import set_schedule, start_run, stop_run
from dangol.sources.connections import change_connection, connect_source
from dangol.sources.models import Source
from dangol.sources.tests.endpoint import endpoint
from dangol.sources.tests.factories import a_source_of_files

SERVER = {"host": "127.0.0.1", "port": "1", "database": "crm", "user": "reader"}
OTHERS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("postgresql", SERVER, {"host": "localhost"}),
    ("postgresql", SERVER, {"port": "{port}"}),
    ("postgresql", SERVER, {"socket": "/tmp/elsewhere"}),
    ("postgresql", SERVER, {"user": "somebody"}),
    ("mariadb", SERVER, {"host": "localhost"}),
    ("mariadb", SERVER, {"port": "{port}"}),
    ("mariadb", SERVER, {"socket": "/tmp/elsewhere"}),
    ("mariadb", SERVER, {"user": "somebody"}),
    ("rest", {"url": "http://127.0.0.1:1/api"}, {"url": "http://127.0.0.1:{port}/api"}),
    ("rest", {"url": "http://127.0.0.1:1/api"}, {"url": "http://127.0.0.1:1/other"}),
]
UNDER_WAY = "A run is under way|지금 읽는 중"
SAID = (
    "Give the password again: it is only sent to the place for which it was given.",
    "비밀번호는 처음 받은 곳에만 보내요.",
)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody who waits for a connection that must not come."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        yield server


def kept(connection: str, reach: dict[str, Any], hidden: str = "s3cret") -> Source:
    """A source with a stored secret."""
    return Source.objects.create(
        code="crm", name="CRM", system="crm", entity="person", connection=connection, reach=reach,
        secret=seal(hidden),
    )  # fmt: skip


@pytest.mark.parametrize(("connection", "before", "other"), OTHERS)
def test_another_place_asks_for_the_secret_again_and_nobody_is_connected_to(
    client, world, settings, listener, connection, before, other
):
    settings.INNER_HOSTS = ["127.0.0.1"]
    port = str(listener.getsockname()[1])
    source = kept(connection, before)
    reach = before | {name: value.replace("{port}", port) for name, value in other.items()}
    client.force_login(world.anna)
    answer = client.patch(
        f"/api/v1/sources/{source.pk}",
        json.dumps({"reach": reach}),
        content_type="application/json",
    )
    assert answer.status_code == 422, answer.content
    [error] = answer.json()["errors"]
    assert error["field"] == "hidden" and any(said in str(error) for said in SAID)
    with pytest.raises(TimeoutError):
        listener.accept()
    source.refresh_from_db()
    assert source.reach == before and source.hidden == "s3cret"


def test_the_page_asks_for_it_at_its_field(client, world, listener):
    source = kept("postgresql", SERVER)
    client.force_login(world.anna)
    said = SERVER | {"name": "CRM", "port": str(listener.getsockname()[1])}
    answer = client.post(reverse("sources:connection", args=[source.pk]), said)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["hidden"]
    with pytest.raises(TimeoutError):
        listener.accept()
    assert Source.objects.get().reach == SERVER


def test_the_same_place_keeps_its_secret_and_another_takes_a_new_one(db, settings):
    settings.INNER_HOSTS = ["127.0.0.1"]
    with endpoint([{"id": "1"}], token="t0ken") as url, endpoint([], token="new") as elsewhere:
        reach = {"url": url, "paths": "people", "items": "data.items"}
        source = kept("rest", reach, "t0ken")
        source = change_connection(source, reach=reach | {"size": 7}, by=None)
        assert source.reach["size"] == 7 and source.hidden == "t0ken"
        source = change_connection(source, reach=reach | {"url": elsewhere}, hidden="new", by=None)
        assert source.reach["url"] == elsewhere and source.hidden == "new"


def test_where_it_is_said_in_other_words_is_the_same_place(db):
    source = kept("postgresql", {"port": "5432", "user": "x"})
    for same in ({"user": "x"}, {"host": "localhost", "port": 5432, "user": "x"}):
        with pytest.raises(ValidationError) as refusal:  # it is tried: nobody answers there
            change_connection(source, reach=same | {"database": "nowhere"}, by=None)
        assert "hidden" not in refusal.value.message_dict


@pytest.mark.parametrize(
    "system", ["dangol", "Manual", " agent ", "api", "import", "demo", "ＤＥＭＯ"]
)
def test_a_name_under_which_dangol_writes_is_no_system(client, world, system):
    body = {
        "code": "pos", "name": "x", "entity": "person", "connection": "folder", "system": system,
        "place": "*.csv", "mapping": {},
    }  # fmt: skip
    client.force_login(world.anna)
    answer = client.post("/api/v1/sources", json.dumps(body), content_type="application/json")
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == ["system"]
    with pytest.raises(ValidationError) as refusal:
        connect_source(
            code=system.strip(), name="x", entity="person", connection="folder", reach={}, by=None
        )
    assert set(refusal.value.message_dict) == {"code"}
    assert not Source.objects.exists()


def test_the_connection_is_not_changed_while_a_run_is_under_way(db, inbox):
    source = a_source_of_files("shop")
    (inbox / "other").mkdir()
    run = start_run(source, by=None, now=False)
    for more in ({"reach": {"folder": "other"}}, {"reach": source.reach, "hidden": "x"}):
        with pytest.raises(ValidationError, match=UNDER_WAY):
            change_connection(source, by=None, **more)
    named = change_connection(source, reach=source.reach, name="새 이름", by=None)
    assert (named.name, named.reach, named.secret) == ("새 이름", {"folder": "shop"}, "")
    stop_run(run, by=None)
    assert change_connection(source, reach={"folder": "other"}, by=None).reach["folder"] == "other"


def test_the_column_of_the_watermark_is_not_changed_while_a_run_is_under_way(db):
    source = a_source_of_files("shop")
    start_run(source, by=None, now=False)
    with pytest.raises(ValidationError, match=UNDER_WAY):
        set_schedule(source, schedule="", full=False, watermark_column="생년월일", by=None)
    source.refresh_from_db()
    assert (source.watermark_column, source.full) == ("", True)
    assert set_schedule(source, schedule="0 2 * * *", full=True, by=None).schedule == "0 2 * * *"
