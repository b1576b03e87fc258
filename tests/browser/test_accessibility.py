"""The main pages for eyes and hands of every kind: axe finds nothing, a phone never scrolls sideways."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]

ALL = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
NAMED = {"runOnly": {"type": "rule", "values": ["button-name", "link-name"]}}
"""What a phone leaves of a button must still say what it does."""
PAGES = {
    "admin": [
        "/board/", "/programmes/", "/agents/", "/cases/", "/interactions/", "/customers/",
        "/customers/new/", "/quality/", "/quality/rates/", "/quality/decay/", "/answers/", "/surveys/", "/imports/new/",
        "/places/", "/people/", "/tokens/", "/audit/", "/accounts/2fa/", "/developers/",
        "/cases/rules/", "/purchases/", "/purchases/products/", "/access/", "/lake/",
        "/sources/", "/sources/new/?connection=postgresql", "/sources/outgoing/", "/sources/outgoing/new/",
        "/sources/gone-sites/",
    ],
    "agent": ["/desk/"],
}  # fmt: skip
LISTS = [
    "/programmes/", "/interactions/", "/customers/", "/answers/", "/surveys/", "/places/",
    "/people/",
]  # fmt: skip
PHONE = {"width": 390, "height": 844}
ODD_CELLS = """
[...document.querySelectorAll('.table :is(td, th)')].filter(
  (cell) => !['table-cell', 'none'].includes(getComputedStyle(cell).display)).length
"""
SPEAK = "from dangol.core.models import User; User.objects.filter(email='admin@demo.dangol').update(language='{}')"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def first_row(page: Page, address: str, path: str) -> str:
    """The address of the first record in a list."""
    page.goto(f"{address}{path}")
    found = page.eval_on_selector_all("main a[href]", "all => all.map(a => a.getAttribute('href'))")
    return next(href for href in found if re.fullmatch(path + r"[0-9a-f-]{36}/", href))


def pages_of(page: Page, address: str, who: str) -> list[str]:
    """The pages of a role: those of the sidebar, and one record of each list."""
    records = [first_row(page, address, path) for path in LISTS] if who == "admin" else []
    return PAGES[who] + records


@pytest.mark.parametrize("who", PAGES)
def test_no_page_breaks_a_rule_of_wcag_or_overflows_a_phone(stack, sign_in, who) -> None:
    page = sign_in(who, color_scheme="light")
    axe, broken = Axe(), []
    for path in pages_of(page, stack.address, who):
        page.goto(f"{stack.address}{path}", wait_until="load")
        for theme, rules in (("light", ALL), ("dark", CONTRAST)):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            for rule in axe.run(page, options=rules).response["violations"]:
                broken.append(f"{path} {theme} {rule['id']}: {rule['nodes'][0]['html'][:120]}")
        if odd := page.evaluate(ODD_CELLS):
            broken.append(f"{path}: {odd} cells of a table stand out of their row")
        page.set_viewport_size(PHONE)
        if (wider := page.evaluate(WIDER)) > 0:
            broken.append(f"{path} is {wider} px wider than a phone")
        for rule in axe.run(page, options=NAMED).response["violations"]:
            broken.append(f"{path} phone {rule['id']}: {rule['nodes'][0]['html'][:120]}")
        page.set_viewport_size({"width": 1440, "height": 900})
    assert broken == []


def test_english_is_longer_and_fits_a_phone_too(stack, sign_in) -> None:
    page = sign_in("admin", color_scheme="light")
    paths = pages_of(page, stack.address, "admin")
    stack.command("manage", "shell", "-c", SPEAK.format("en"))
    try:
        page.set_viewport_size(PHONE)
        broken = []
        for path in paths:
            page.goto(f"{stack.address}{path}", wait_until="load")
            assert page.get_attribute("html", "lang") == "en"
            if (wider := page.evaluate(WIDER)) > 0:
                broken.append(f"{path} is {wider} px wider than a phone")
        assert broken == []
    finally:
        stack.command("manage", "shell", "-c", SPEAK.format("ko"))
