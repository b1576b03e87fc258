"""The live process, driven through its ASGI side on the real database."""

import asyncio
import logging

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from django.test import Client

from dangol.core.live import announce
from dangol.core.live.hub import Hub
from dangol.core.live.topics import SOURCES, Source, register_source
from dangol.core.models import User
from dangol.core.tests.live_line import Line, opened, served

pytestmark = pytest.mark.django_db(transaction=True)


class Counter(Source):
    """A topic whose state is a number in the database."""

    refused: set = set()

    def may_listen(self, user, key):
        return key.startswith("open") and user.email not in self.refused

    def snapshot(self, keys):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT name, number FROM live_counter WHERE name = ANY(%s)", [list(keys)]
            )
            return {name: {"number": number} for name, number in cursor.fetchall()}


@pytest.fixture
def counter():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE live_counter (name text PRIMARY KEY, number int)")
        cursor.execute("INSERT INTO live_counter VALUES ('open', 1), ('open2', 1)")
    Counter.refused = set()
    register_source("counter", Counter())
    yield
    del SOURCES["counter"]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE live_counter")


@pytest.fixture
def cookie():
    user = User.objects.create(email="ada@example.com", name="Ada", password="!")
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def count(number, name="open"):
    from django.db import transaction

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE live_counter SET number = %s WHERE name = %s", [number, name])
        announce(f"counter:{name}")


def test_a_screen_gets_the_present_state_then_every_newer_one(counter, cookie):
    async def story():
        async with (
            served() as app,
            opened(Line(app, cookie=cookie, origin="http://localhost:8000")) as line,
        ):
            await line.until({"number": 1})
            await sync_to_async(count)(2)
            await line.until({"number": 2})
            headers = dict(line.start["headers"])
            assert line.start["status"] == 200
            assert headers[b"access-control-allow-origin"] == b"http://localhost:8000"
            assert headers[b"access-control-allow-credentials"] == b"true"
            ids = [x for x in line.got.splitlines() if x.startswith("id: ")]
            assert len(set(ids)) == len(ids) == 2
            async with opened(Line(app, cookie=cookie)) as late:
                await late.until({"number": 2})
                assert late.states == [{"number": 2}]
        assert app.hub.screens == set() and not app.hub.by_topic

    asyncio.run(story())


class Remembering(Counter):
    """A source that reads once and then only what it is told of."""

    def __init__(self):
        self.known = {}

    def snapshot(self, keys):
        missing = [key for key in keys if key not in self.known]
        self.known |= super().snapshot(missing)
        return {key: self.known[key] for key in keys if key in self.known}

    def forget(self):
        self.known = {}


def test_what_happened_while_nobody_watched_is_not_remembered_wrongly(counter, cookie):
    register_source("counter", Remembering())

    async def story():
        async with served() as app:
            async with opened(Line(app, cookie=cookie)) as line:
                await line.until({"number": 1})
            await sync_to_async(count)(2)
            async with asyncio.timeout(5):
                while SOURCES["counter"].known:
                    await asyncio.sleep(0.05)
            async with opened(Line(app, cookie=cookie)) as later:
                await later.until({"number": 2})

    asyncio.run(story())


class Broken(Source):
    """A source whose reading has a mistake."""

    def may_listen(self, user, key):
        return True

    def snapshot(self, keys):
        raise ValueError("a mistake in the code")


def test_a_source_that_fails_silences_no_other(counter, cookie, caplog):
    register_source("broken", Broken())

    async def story():
        query = "topic=counter:open&topic=broken:one"
        async with served() as app, opened(Line(app, query=query, cookie=cookie)) as line:
            await line.until({"number": 1})
            await sync_to_async(count)(2)
            await line.until({"number": 2})

    try:
        asyncio.run(story())
    finally:
        del SOURCES["broken"]
    assert "the states of broken cannot be read" in caplog.text


def test_strangers_unknown_topics_and_foreign_pages_are_refused(counter, cookie):
    async def answer(app, **given):
        line = Line(app, **given)
        await line.run()
        return line.start["status"], line.got

    async def story():
        async with served() as app:
            assert (await answer(app))[0] == 401
            assert (await answer(app, cookie="sessionid=made-up"))[0] == 401
            assert (await answer(app, cookie=cookie, query="topic=counter:secret"))[0] == 404
            assert (await answer(app, cookie=cookie, query="topic=nothing:at-all"))[0] == 404
            assert (await answer(app, cookie=cookie, query=""))[0] == 400
            assert (await answer(app, cookie=cookie, origin="https://evil.example"))[0] == 403
            assert (await answer(app, path="/else"))[0] == 404
            async with asyncio.timeout(5):
                while not app.hub.listener.listening:
                    await asyncio.sleep(0.05)
            assert (await answer(app, path="/live/health"))[0] == 200

    asyncio.run(story())


def test_a_lost_database_line_comes_back_and_nothing_is_missed(counter, cookie, caplog):
    """The announcement falls into the gap; the state arrives all the same."""
    caplog.set_level(logging.CRITICAL)

    def cut_and_count():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                           " WHERE application_name = 'dangol live'")  # fmt: skip
        count(7)

    async def story():
        async with served() as app, opened(Line(app, cookie=cookie)) as line:
            await line.until({"number": 1})
            await sync_to_async(cut_and_count)()
            await line.until({"number": 7})

    asyncio.run(story())


def test_a_stuck_screen_harms_nobody_and_keeps_only_the_newest(counter, cookie):
    async def story():
        async with served() as app:
            stuck = Line(app, cookie=cookie, stuck=True)
            task = asyncio.create_task(stuck.run())
            async with opened(Line(app, cookie=cookie)) as line:
                await line.until({"number": 1})
                for number in range(2, 30):
                    await sync_to_async(count)(number)
                await line.until({"number": 29})
                (screen,) = [s for s in app.hub.screens if s.waiting]
                assert len(screen.waiting) == 1 and b'"number":29' in screen.waiting["counter:open"]
            stuck.hung_up.set()
            await asyncio.wait_for(task, 5)

    asyncio.run(story())


def test_who_signs_out_or_loses_the_right_is_cut_off(counter, cookie):
    async def story():
        async with served() as app, opened(Line(app, cookie=cookie)) as line:
            await line.until({"number": 1})
            screens = list(app.hub.screens)
            await app.hub.check(screens)
            assert not screens[0].ended
            Counter.refused = {"ada@example.com"}
            await app.hub.check(screens)
            assert screens[0].ended
            line2 = Line(app, cookie=cookie)
            await line2.run()
            assert line2.start["status"] == 404
            Counter.refused = set()
            await sync_to_async(User.objects.update)(is_active=False)
            line3 = Line(app, cookie=cookie)
            await line3.run()
            assert line3.start["status"] == 401

    asyncio.run(story())


def test_a_state_that_cannot_be_written_silences_no_other_screen(caplog):
    class Shown:
        def __init__(self):
            self.got = []

        def show(self, topic, payload):
            self.got.append(topic)

    hub, screen = Hub.__new__(Hub), Shown()
    hub.by_topic = {"x:bad": {screen}, "x:good": {screen}}
    hub.shown, hub.payloads, hub.version, hub.born = {}, {}, 0, "t"
    hub.tell({"x:bad": {"n": object()}, "x:good": {"n": 1}}, {})
    assert screen.got == ["x:good"]
    assert "x:bad cannot be told" in caplog.text
