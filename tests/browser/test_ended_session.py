"""A session that ends in the middle of a call takes nothing away."""

from __future__ import annotations

import psycopg
import pytest
from playwright.sync_api import Page, expect

from dangol.demo.accounts import DEMO_PASSWORD
from tests.browser.desk import answer, reach

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]


def end_session(page: Page, stack) -> None:
    """The server forgets the session of this browser."""
    [key] = [c["value"] for c in page.context.cookies() if c["name"] == "sessionid"]
    with psycopg.connect(stack.database, autocommit=True) as line:
        assert line.execute(
            "DELETE FROM django_session WHERE session_key = %s", [key]
        ).rowcount == 1  # fmt: skip
    page.context.clear_cookies(name="sessionid")


def sign_in_beside(page: Page) -> None:
    """Follow the dialog's link to a new window and sign in there."""
    with page.context.expect_page() as opened:
        page.click("#signed-out a")
    other = opened.value
    other.fill("[name=login]", "agent2@demo.dangol")
    other.fill("[name=password]", DEMO_PASSWORD)
    other.click(".entrance-form button[type=submit]")
    other.wait_for_url(lambda url: "/accounts/login" not in url)
    other.close()


def kept_answers(stack, response: str) -> dict:
    """The draft that the server holds."""
    with psycopg.connect(stack.database) as line:
        return line.execute(
            "SELECT answers FROM surveys_draft WHERE response_id = %s", [response]
        ).fetchone()[0]  # fmt: skip


def test_a_session_that_ends_during_a_call_loses_no_answer_and_no_finish(stack, sign_in):
    agent = sign_in("agent2")
    reach(agent)
    where = agent.locator("[data-autosave]").first.get_attribute("data-autosave")
    response = where.split("/")[2]
    asked = agent.locator("[data-question]:visible input[type=radio]").first
    name, question = asked.get_attribute("name"), asked.get_attribute("name").removeprefix("q-")
    value = asked.get_attribute("value")
    end_session(agent, stack)
    agent.locator(f"input[name='{name}'][value='{value}']").check(force=True)
    expect(agent.locator("#signed-out")).to_be_visible()
    sign_in_beside(agent)
    expect(agent.locator("#signed-out")).to_be_hidden(timeout=10_000)
    expect(agent.locator("[data-autosave-mark]").first).to_have_text("임시 저장됨")
    assert question in kept_answers(stack, response)

    for fieldset in agent.locator("[data-question]:visible").all():
        yes = fieldset.locator("input[value=yes]")
        best = yes if yes.count() else fieldset.locator("input[type=radio]").last
        if best.count():
            answer(
                agent, best.get_attribute("name").removeprefix("q-"), best.get_attribute("value")
            )
    agent.keyboard.press("Escape")
    agent.keyboard.press("h")
    expect(agent.locator("#dock [data-key=h]")).to_have_count(0)
    agent.keyboard.press("Alt+1")
    agent.wait_for_timeout(800)
    handling = agent.locator("[name=handling]").first.get_attribute("value")
    end_session(agent, stack)
    agent.keyboard.press("Control+Enter")
    expect(agent.locator("#signed-out")).to_be_visible()
    assert "/desk/" in agent.url
    sign_in_beside(agent)
    expect(agent.locator("#signed-out")).to_be_hidden(timeout=10_000)
    agent.keyboard.press("Control+Enter")
    expect(agent.locator(f"[name=handling][value='{handling}']")).to_have_count(0)
    with psycopg.connect(stack.database) as line:
        outcome, completed = line.execute(
            "SELECT h.outcome, r.completed_at IS NOT NULL FROM desk_handling h"
            " JOIN surveys_response r ON r.id = h.response_id WHERE h.id = %s", [handling],
        ).fetchone()  # fmt: skip
    assert (outcome, completed) == ("done", True)
