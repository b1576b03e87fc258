"""The whole product as it runs: `dangol up` in processes of its own, driven through Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from dangol.demo.accounts import DEMO_PASSWORD
from tests.stack import Stack

CHROMIUM = os.environ.get("DANGOL_CHROMIUM") or shutil.which("chromium") or "chromium"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
CUSTOMERS = 400
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)  # a busy machine is slow, not wrong


class Running:
    """A product that runs already: DANGOL_STACK=http://… and its DANGOL_STACK_VAR."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.environment = {**os.environ, "DANGOL_VAR": os.environ["DANGOL_STACK_VAR"]}

    command = Stack.command
    database = Stack.database

    @property
    def folder(self) -> Path:
        """Its data."""
        return Path(self.environment["DANGOL_VAR"])


@pytest.fixture(scope="package")
def stack() -> Iterator[Stack | Running]:
    """Start it once for all browser tests, and no longer; every customer answers the phone."""
    if address := os.environ.get("DANGOL_STACK"):
        yield Running(address)
        return
    made = Stack(customers=CUSTOMERS, DANGOL_TELEPHONY='{"odds": {"answered": 1.0}, "speed": 4}')
    try:
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; Playwright's loop must not live on beside tests of the database."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


def given_up_animation(text: str) -> bool:
    """The browser's own notice of an animation between two pages that it left out.

    It does so for reduced motion, and when the new page stood before the animation began.
    """
    return "ViewTransition" in text or text.startswith("Transition was aborted")


@pytest.fixture
def sign_in(stack: Stack | Running, browser: Browser) -> Iterator[Callable[..., Page]]:
    """A page of its own for a demo account; a script error on any page fails the test."""
    contexts = []
    errors: list[str] = []

    def enter(who: str, **options: object) -> Page:
        context = browser.new_context(
            viewport={"width": 1440, "height": 900},
            locale="ko-KR",
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on(
            "pageerror",
            lambda error: None if given_up_animation(str(error)) else errors.append(str(error)),
        )
        page.on(
            "console",
            lambda m: (
                errors.append(f"{m.text} {m.location}") if "Content Security" in m.text else None
            ),
        )
        page.goto(f"{stack.address}/accounts/login/")
        page.fill("[name=login]", f"{who}@demo.dangol")
        page.fill("[name=password]", DEMO_PASSWORD)
        page.click(".entrance-form button[type=submit]")
        page.wait_for_url(lambda url: "/accounts/login" not in url)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert errors == []
