"""A board in the browser moves when an answer is committed: real web pages, real live process."""

import os
import socket
import subprocess
import sys
import time

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from dangol.surveys.actions import make_default_surveys, withdraw_response
from dangol.surveys.tests.factories import GOOD, completed
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture
def live_port(settings):
    """The real live process on this test's database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    given = connection.settings_dict
    host = given["HOST"].replace("/", "%2F")
    name, user, password = given["NAME"], given["USER"], given["PASSWORD"]
    url = f"postgresql://{user}:{password}@/{name}?host={host}"
    if given["PORT"]:
        url += f"&port={given['PORT']}"
    live = subprocess.Popen(
        [sys.executable, "-m", "dangol", "live", "--port", str(port)],
        env={**os.environ, "DATABASE_URL": url, "DANGOL_VAR": str(settings.VAR)},
    )
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    settings.LIVE_PORT = str(port)
    origins = [f"http://localhost:{port}", f"http://127.0.0.1:{port}"]
    settings.SECURE_CSP = {
        **settings.SECURE_CSP, "connect-src": [*settings.SECURE_CSP["connect-src"], *origins],
    }  # fmt: skip
    yield port
    live.terminate()
    live.wait(20)


def test_the_figure_moves_without_a_reload(live_server, live_port, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    caches["process"].clear()
    world, surveys = build(), make_default_surveys()
    place = world.place("GANGNAM")
    first = completed(surveys["sales"], place, GOOD, at=timezone.now())
    client = Client()
    client.force_login(world.grace)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("DANGOL_CHROMIUM", "/usr/bin/chromium"), args=FLAGS
        )
        context = browser.new_context()
        cookie = {
            "name": "sessionid",
            "value": client.cookies["sessionid"].value,
            "url": live_server.url,
        }
        context.add_cookies([cookie])
        page = context.new_page()
        page.goto(f"{live_server.url}/board/{place.pk}/")
        mean = page.locator("[data-live-text='sales.month.mean']").first
        expect(mean).to_have_text("92.5")
        expect(page.locator("html[data-line=on]")).to_be_attached()
        page.evaluate("() => { window.neverReloaded = true }")
        worse = {**GOOD, "overall": 1, "voice": "기다렸어요"}
        completed(surveys["sales"], place, worse, at=timezone.now())
        expect(mean).to_have_text("77.5", timeout=3000)
        expect(page.get_by_text("기다렸어요")).to_be_visible()
        withdraw_response(first, by=world.sue)
        today = page.locator("[data-live-text='sales.today.n']")
        expect(today).to_have_text("1", timeout=3000)
        assert page.evaluate("() => window.neverReloaded") is True
        browser.close()
    caches["process"].clear()
