"""A system that is slow or silent takes its own look's time, and nothing else of the site."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from dangol.sources.connecting import Unreachable, look, looking, patience
from dangol.sources.connecting.web import request
from dangol.sources.models import Source


@contextmanager
def port(say: Callable[[socket.socket, threading.Event], None]) -> Iterator[int]:
    """A port that accepts everybody and says what it is told to say."""
    over = threading.Event()

    def serve(near: socket.socket) -> None:
        with near:
            try:
                say(near, over)
            except OSError:
                return  # the other side has gone

    def accept(listener: socket.socket) -> None:
        while not over.is_set():
            try:
                near = listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=serve, args=(near,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)


def silent(near: socket.socket, over: threading.Event) -> None:
    over.wait(60)


def drips(head: bytes) -> Callable[[socket.socket, threading.Event], None]:
    """Says something whole, then one byte every now and then."""

    def say(near: socket.socket, over: threading.Event) -> None:
        near.sendall(head)
        while not over.wait(0.2):
            near.sendall(b" ")

    return say


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n["
GREETING = b"\xff\xff\x00\x00"
"""The head of a packet of MariaDB that is long in coming."""


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nX: ", HEAD], ids=["headers", "body"])
def test_an_answer_in_drops_has_one_time_for_all(settings, head):
    settings.INNER_HOSTS = ["127.0.0.1"]
    with port(drips(head)) as number:
        begun = time.monotonic()
        with pytest.raises(Unreachable) as failure:
            request("GET", f"http://127.0.0.1:{number}/", headers={}, seconds=1)
    assert time.monotonic() - begun < 4
    assert failure.value.facts == {"seconds": 1} and "whole answer" in failure.value.reason


@pytest.mark.parametrize("say", [silent, drips(GREETING)], ids=["silent", "drips"])
@pytest.mark.parametrize("kind", ["mariadb", "postgresql", "database", "rest"])
def test_a_look_is_over_in_time_and_gives_its_thread_back(settings, monkeypatch, kind, say):
    settings.INNER_HOSTS = ["127.0.0.1"]
    monkeypatch.setattr(looking, "USUAL", 1.0)
    monkeypatch.setattr("dangol.sources.connecting.USUAL", 1.0)
    monkeypatch.setattr("dangol.sources.connecting.database.CONNECTING", 2)
    monkeypatch.setattr(patience, "CONNECTING", 2)
    with port(say) as number:
        reach = {"host": "127.0.0.1", "port": str(number), "user": "x", "database": "x"}
        hidden = ""
        if kind == "rest":
            reach = {"url": f"http://127.0.0.1:{number}"}
        if kind == "database":
            reach, hidden = {}, f"mysql+pymysql://x@127.0.0.1:{number}/x"
        begun = time.monotonic()
        with pytest.raises(Unreachable):
            look(kind, reach, hidden, lambda opened: opened.test())
        assert time.monotonic() - begun < 2.5
        while looking.under_way and time.monotonic() - begun < 8:
            time.sleep(0.05)
        assert not looking.under_way


@pytest.mark.django_db(transaction=True)
def test_while_silent_systems_are_asked_pages_go_on(world, monkeypatch):
    monkeypatch.setattr(looking, "USUAL", 4.0)
    pages = [reverse("sources:list"), reverse("sources:subscribers")]
    with port(silent) as number, ThreadPoolExecutor(4) as threads:  # as many as serve the web
        said = {
            "name": "x", "code": "x", "entity": "person", "host": "127.0.0.1",
            "port": str(number), "user": "x", "database": "x",
        }  # fmt: skip
        clients = [Client() for _ in range(8)]
        for client in clients:
            client.force_login(world.anna)

        def post(client: Client) -> tuple[int, str]:
            try:
                answer = client.post(reverse("sources:new") + "?connection=mariadb", said)
                return answer.status_code, answer.content.decode()
            finally:
                connections.close_all()

        def get(client: Client) -> int:
            try:
                return sum(client.get(page).status_code for page in pages)
            finally:
                connections.close_all()

        silent_ones = [threads.submit(post, client) for client in clients[:4]]
        time.sleep(1)
        begun = time.monotonic()
        others = [threads.submit(get, client) for client in clients[4:]]
        assert [other.result(10) for other in others] == [400] * 4
        assert time.monotonic() - begun < 3
        assert sum(not one.done() for one in silent_ones) == looking.AT_ONCE
        answers = [one.result(15) for one in silent_ones]
    assert [status for status, _page in answers] == [422] * 4
    busy = [page for _status, page in answers if "나중에" in page or "Other systems are being asked" in page or "다른 시스템" in page]  # fmt: skip
    assert len(busy) == 2
    assert not Source.objects.exists()
