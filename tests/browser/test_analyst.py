"""The analyst's story: from a fallen index to the ten calls that explain it, in six clicks."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SignIn = Callable[..., Page]
SITE, REGION = "서울 종로지점", "서울 영업지역본부"
CALLS = 10
FALL = f"""
from django.utils import timezone
from dangol.places.models import Place
from dangol.surveys.models import Survey
from dangol.surveys.tests.factories import BAD, completed
from dangol.core.models import User
site, survey = Place.objects.get(name="{SITE}"), Survey.objects.get(key="sales")
agent = User.objects.get(email="agent@demo.dangol")
for n in range({CALLS}):
    completed(survey, site, BAD, by=agent, at=timezone.now())
"""


def row(page: Page, name: str) -> Locator:
    """The row of a member."""
    return page.locator("#explorer tbody tr", has=page.get_by_role("rowheader", name=name, exact=True))  # fmt: skip


def fallen(stack) -> None:
    """Ten customers of one site were disappointed today."""
    stack.command("manage", "shell", "-c", FALL)


def test_from_a_fallen_index_to_the_calls_in_six_clicks(stack, sign_in: SignIn):
    fallen(stack)
    page = sign_in("analyst")
    copied(page, stack.address)
    page.goto(f"{stack.address}/")

    page.get_by_role("link", name="탐색기", exact=True).click()
    expect(row(page, REGION).locator(".cube-change.bad").first).to_contain_text("▼")

    row(page, REGION).get_by_role("rowheader").get_by_role("link").click()
    expect(page.locator(".cube-crumbs")).to_contain_text(REGION)

    row(page, SITE).get_by_role("rowheader").get_by_role("link").click()
    expect(row(page, "판매")).to_be_visible()

    row(page, "판매").get_by_role("rowheader").get_by_role("link").click()
    expect(row(page, "전반")).to_be_visible()

    page.locator("#explorer tfoot .cube-figure").first.click()
    expect(page.locator("main h1")).to_contain_text("응답")
    calls = page.locator("tbody tr", has=page.locator(".badge-bad"))
    assert calls.count() >= CALLS
    assert "홍*동" in calls.first.inner_text()

    calls.first.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(r"/answers/[0-9a-f-]{36}/"))
    expect(page.locator("main")).to_contain_text("약속한 날보다 늦었어요")


def copied(page: Page, address: str) -> None:
    """Wait until the lake holds the answers: at most a minute behind."""
    asked = "subject=satisfaction&rows=site&measures=answers&period=1d"
    for _second in range(90):
        page.goto(f"{address}/cubes/?{asked}")
        if row(page, SITE).count():
            text = row(page, SITE).locator(".cube-figure").first.inner_text()
            if int(text.split()[0].replace(",", "")) >= CALLS:
                return
        time.sleep(1)
    raise AssertionError("the lake is more than a minute behind")


def test_fields_are_dragged_and_reached_by_keys(stack, sign_in: SignIn):
    page = sign_in("analyst")
    page.goto(f"{stack.address}/cubes/?subject=sales&rows=region&measures=transactions&period=all")
    field = page.locator("[data-pool=dimensions] li[data-name=kind]")
    field.drag_to(page.locator("[data-well=columns]"))
    expect(page.locator("[data-well=columns] [data-name=kind]")).to_be_visible()
    expect(page).to_have_url(re.compile(r"columns=kind"))
    page.go_back()
    expect(page.locator("[data-well=columns] [data-name=kind]")).to_have_count(0)

    summary = page.locator("[data-well=rows] [data-name=region] summary")
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("[data-well=rows] [data-name=region]")).to_have_count(0)


def test_a_definition_is_one_click_away_and_nothing_is_inaccessible(stack, sign_in: SignIn):
    from axe_playwright_python.sync_playwright import Axe

    page = sign_in("analyst", reduced_motion="reduce")
    page.goto(f"{stack.address}/cubes/?subject=cases&rows=region&columns=month&period=all")
    page.locator("[data-pool=measures] .cube-info").first.click()
    expect(page.locator(".cube-definition:popover-open")).to_contain_text("접수")
    page.keyboard.press("Escape")
    for address in ("/cubes/", "/cubes/?subject=sales&look=heat&columns=kind&rows=region", "/cubes/behind/?rows=&measures=index", "/cubes/views/"):  # fmt: skip
        page.goto(f"{stack.address}{address}")
        found = Axe().run(page).response["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == [], (
            address,
            found,
        )
