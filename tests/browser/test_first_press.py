"""A page acts from the moment on in which it hears its keys."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]
AT_ONCE = """
const soon = window.setTimeout
window.setTimeout = (deed, ms, ...more) => soon(deed, ms || 2000, ...more)  // a busy machine
addEventListener("DOMContentLoaded", () =>
  document.querySelector(".desk-next input[name=on]")?.click())
"""


def test_what_is_pressed_before_the_page_is_all_there_is_done(stack, sign_in):
    agent = sign_in("agent2")
    agent.add_init_script(AT_ONCE)
    with agent.expect_response("**/desk/auto-dial/") as kept:
        agent.goto(f"{stack.address}/desk/")
    assert kept.value.ok
