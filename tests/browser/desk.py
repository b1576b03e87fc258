"""What an agent does on the desk, by keyboard."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def reach(agent: Page) -> None:
    """Next and dial, by keyboard alone; the customer answers."""
    agent.keyboard.press("a")
    expect(agent.locator("[data-key=n]:not([disabled])").first).to_be_visible()
    agent.keyboard.press("n")
    expect(agent.locator("#dock [data-key=d]")).to_be_visible()
    agent.keyboard.press("d")
    expect(agent.locator("#dock [data-key=h]")).to_be_visible()
    agent.wait_for_timeout(3500)


def answer(agent: Page, name: str, value: str) -> None:
    """Choose an answer of the survey on the desk."""
    agent.locator(f"input[name='q-{name}'][value='{value}']").first.check(force=True)


def finish(agent: Page) -> None:
    """Hang up, outcome Done, finish."""
    agent.keyboard.press("Escape")
    agent.keyboard.press("h")
    expect(agent.locator("#dock [data-key=h]")).to_have_count(0)
    agent.keyboard.press("Alt+1")
    agent.keyboard.press("Control+Enter")
    # the form leaves with the call: only then is everything stored
    expect(agent.locator("form#finish")).to_have_count(0, timeout=10_000)
