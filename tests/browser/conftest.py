"""The whole product as it runs: `dangol up` in processes of its own, driven through Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from dangol.demo.accounts import DEMO_PASSWORD

CHROMIUM = os.environ.get("DANGOL_CHROMIUM") or shutil.which("chromium") or "chromium"
ARGUMENTS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
CUSTOMERS = "400"


def free_port() -> int:
    """A port with its neighbour free: the live process listens next door."""
    while True:
        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            with socket.socket() as two:
                try:
                    two.bind(("127.0.0.1", port + 1))
                except OSError:
                    continue
                return int(port)


@dataclass
class Stack:
    """A running product with a small demo company."""

    address: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None

    def command(self, *arguments: str) -> str:
        """Run `dangol …` beside it."""
        done = subprocess.run(
            [sys.executable, "-m", "dangol", *arguments],
            env=self.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Start it once for all browser tests; every customer answers the phone.

    With DANGOL_STACK=http://… the tests drive a product that runs already (its DANGOL_VAR given).
    """
    if running := os.environ.get("DANGOL_STACK"):
        yield Stack(running, {**os.environ, "DANGOL_VAR": os.environ["DANGOL_STACK_VAR"]}, None)
        return
    folder = Path(tempfile.mkdtemp(prefix="dangol-browser-"))
    folder.chmod(0o755)
    port = free_port()
    environment = {
        **os.environ,
        "DANGOL_VAR": str(folder),
        "DANGOL_TELEPHONY": '{"odds": {"answered": 1.0}, "speed": 4}',
    }
    environment.pop("DATABASE_URL", None)
    log = (folder / "up.log").open("wb")
    run = [sys.executable, "-m", "dangol"]
    subprocess.run(
        [*run, "demo", "--customers", CUSTOMERS, "--seed", "7"], env=environment, check=True,
        stdout=log, stderr=log,
    )  # fmt: skip
    process = subprocess.Popen(
        [*run, "up", "--port", str(port)], env=environment, stdout=log, stderr=log
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process, folder / "up.log")
        yield Stack(address, environment, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until web and live both answer."""
    port = int(address.rsplit(":", 1)[1])
    for url in (f"{address}/health/", f"http://127.0.0.1:{port + 1}/live/health"):
        until = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(url, timeout=5):
                    break
            except (urllib.error.URLError, OSError):
                if process.poll() is not None or time.monotonic() > until:
                    raise AssertionError(log.read_text()[-3000:]) from None
                time.sleep(0.2)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def sign_in(stack: Stack, browser: Browser) -> Iterator[Callable[..., Page]]:
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
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console", lambda m: errors.append(m.text) if "Content Security" in m.text else None
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
