"""What an agent does on the desk, by keyboard."""

from __future__ import annotations

from playwright.sync_api import Page, Route, expect

PULSE = "**/desk/call/pulse/"


def reach(agent: Page) -> None:
    """Next and dial, by keyboard alone; the customer answers."""
    agent.keyboard.press("a")
    press_when_there(agent, "n", "[data-key=n]:not([disabled])")
    with agent.expect_response("**/desk/call/") as dialled:
        press_when_there(agent, "d", "#dock [data-key=d]")
    assert dialled.value.ok, dialled.value.text()
    expect(agent.locator("#dock [data-key=h]")).to_be_visible()
    agent.wait_for_timeout(3500)


def press_when_there(agent: Page, key: str, button: str) -> None:
    """Press the key of a button once its page hears keys: what it shows comes before its scripts."""
    expect(agent.locator(button).first).to_be_visible()
    agent.wait_for_load_state()
    agent.keyboard.press(key)


def answer(agent: Page, name: str, value: str) -> None:
    """Choose an answer of the survey on the desk."""
    agent.locator(f"input[name='q-{name}'][value='{value}']").first.check(force=True)


def finish(agent: Page, *, late_pulse: bool = False) -> None:
    """Hang up, outcome Done, finish; what the server answered is the desk, not a refusal."""
    agent.keyboard.press("Escape")
    waiting = held_pulse(agent) if late_pulse else None
    agent.keyboard.press("h")
    expect(agent.locator("#dock [data-key=h]")).to_have_count(0)
    late = waiting.fetch() if waiting else None
    agent.keyboard.press("Alt+1")
    if waiting and late:
        waiting.fulfill(response=late)
        agent.wait_for_timeout(500)
        agent.unroute(PULSE)
    expect(agent.locator("#dock [data-key='alt+1']")).to_be_checked()
    with agent.expect_navigation():
        agent.keyboard.press("Control+Enter")
    # the form leaves with the call: only then is everything stored
    expect(agent.locator("main#content")).to_be_visible()
    expect(agent.locator("form#finish")).to_have_count(0)


def held_pulse(agent: Page) -> Route:
    """The next pulse of the desk, kept from the server until somebody lets it go."""
    held: list[Route] = []
    agent.route(PULSE, lambda route: route.fallback() if held else held.append(route))
    for _ in range(50):
        if held:
            return held[0]
        agent.wait_for_timeout(100)
    raise AssertionError("the desk sends no pulse")
