"""The analyst's story: from a fallen index to the ten calls that explain it, in six clicks."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]
SignIn = Callable[..., Page]
SITE, REGION = "서울 종로지점", "서울 영업지역본부"
CALLS = 10
FALL = f"""
from django.utils import timezone
from dangol.places.models import Place
from dangol.surveys.models import Survey
import datetime as dt
from dangol.surveys.tests.factories import BAD, GOOD, completed
from dangol.core.models import User
site, survey = Place.objects.get(name="{SITE}"), Survey.objects.get(key="sales")
agent = User.objects.get(email="agent@demo.dangol")
for n in range({CALLS}):
    completed(survey, site, BAD, by=agent, at=timezone.now())
    completed(survey, site, GOOD, by=agent, at=timezone.now() - dt.timedelta(days=40))
"""


def row(page: Page, name: str) -> Locator:
    """The row of a member."""
    return page.locator("#explorer tbody tr", has=page.get_by_role("rowheader", name=name, exact=True))  # fmt: skip


def fallen(stack) -> None:
    """Ten customers of one site were disappointed today, ten were content a month ago."""
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
    for address in ("/cubes/", "/cubes/?subject=sales&look=heat&columns=kind&rows=region", "/cubes/behind/?rows=&measures=index", "/cubes/views/", "/cubes/goals/", "/cubes/issues/", "/cubes/watches/new/"):  # fmt: skip
        page.goto(f"{stack.address}{address}")
        found = Axe().run(page).response["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == [], (
            address,
            found,
        )


def drag_by_finger(page: Page, begin: tuple[float, float], end: tuple[float, float]) -> None:
    """A finger rests on the glass, moves on and is lifted, as Chromium gets it from a screen."""
    glass = page.context.new_cdp_session(page)

    def touch(kind: str, *spots: tuple[float, float]) -> None:
        points = [{"x": x, "y": y} for x, y in spots]
        glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", begin)
    page.wait_for_timeout(400)  # a finger that rests takes the field; one that moves on scrolls
    for step in range(1, 11):
        x, y = (a + (b - a) * step / 10 for a, b in zip(begin, end, strict=True))
        touch("touchMove", (x, y))
        page.wait_for_timeout(20)
    touch("touchEnd")
    glass.detach()


def middle(of: Locator) -> tuple[float, float]:
    """Where a finger meets it."""
    box = of.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_finger_drills_down_and_drags_a_field(stack, sign_in: SignIn):
    page = sign_in("analyst", has_touch=True)
    page.goto(f"{stack.address}/cubes/?subject=sales&rows=region&measures=transactions&period=all")
    field = page.locator("[data-pool=dimensions] li[data-name=month]")
    drag_by_finger(page, middle(field), middle(page.locator("[data-well=columns]")))
    expect(page.locator("[data-well=columns] [data-name=month]")).to_be_visible()
    expect(page).to_have_url(re.compile(r"columns=month"))

    row(page, REGION).get_by_role("rowheader").get_by_role("link").tap()
    expect(page.locator(".cube-crumbs")).to_contain_text(REGION)
    expect(row(page, SITE)).to_be_visible()


def test_on_a_phone_fields_are_chosen_and_drilled_by_tapping(stack, sign_in: SignIn):
    page = sign_in("analyst", has_touch=True, is_mobile=True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{stack.address}/cubes/?subject=sales&rows=region&measures=transactions&period=all")
    expect(page.locator("[data-pool=dimensions]").first).to_be_hidden()
    page.locator(".cube-summary").tap()
    field = page.locator("[data-pool=dimensions] li[data-name=kind]")
    field.locator("summary").tap()
    field.get_by_role("link", name="열").tap()
    expect(page.locator("[data-well=columns] [data-name=kind]")).to_be_visible()  # the sheet stays
    page.keyboard.press("Escape")
    expect(page.locator(".cube-summary")).to_contain_text("구분")
    row(page, REGION).get_by_role("rowheader").get_by_role("link").tap()
    expect(page.locator(".cube-crumbs")).to_contain_text(REGION)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_filter_opens_its_members_and_the_path_leads_across(stack, sign_in: SignIn):
    page = sign_in("analyst")
    asked = "subject=sales&rows=month&measures=transactions&period=12m&f.region=S-11"
    page.goto(f"{stack.address}/cubes/?{asked}")
    page.locator("#filter-region summary").click()
    expect(
        page.locator("#filter-region").get_by_role("checkbox", name="부산 영업지역본부")
    ).to_be_visible()
    page.keyboard.press("Escape")
    page.locator(".cube-across summary").click()
    page.locator(".cube-across").get_by_role("link", name="부산 영업지역본부").click()
    expect(page.locator(".cube-crumbs b")).to_have_text("부산 영업지역본부")
    assert "f.region=S-26" in page.url and "f.region=S-11" not in page.url


def test_the_whole_screen_stays_while_one_goes_down(stack, sign_in: SignIn):
    page = sign_in("analyst")
    page.goto(f"{stack.address}/cubes/?subject=sales&rows=region&measures=transactions&period=12m")
    page.locator("[data-full]").click()
    page.wait_for_function("document.fullscreenElement")
    page.locator("#explorer tbody th a").first.click()
    expect(page.locator(".cube-crumbs b")).to_be_visible()
    assert page.evaluate(
        "document.fullscreenElement?.contains(document.getElementById('explorer'))"
    )
