"""The marketer's story: a segment in a minute, its profile, its members tomorrow."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import ALL, CONTRAST, WIDER

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]
SignIn = Callable[..., Page]


def condition(page: Page, chosen: str) -> Any:
    """Add a condition to the outer group; its row."""
    pick(page.locator("[data-tree] > .rule-group > .rule-foot .rule-picker"), chosen)
    return page.locator("[data-tree] > .rule-group > ol > li > .rule-test").last


def pick(field: Any, chosen: str) -> None:
    """Choose what a searched field offers, by its key."""
    field.locator("input[type=text]").click()
    field.locator(f"[data-chosen-key='{chosen}']").click()


def choose(row: Any, words: str) -> None:
    """Search a value and take the first that fits, with Enter and without waiting for the list."""
    field = row.locator("[id$='-find']").last
    field.fill(words)
    field.press("Enter")


def found(page: Page) -> int:
    """How many the rule finds, once the figure has come to rest."""
    expect(page.locator("[data-count]")).to_have_text(re.compile(r"\d"))
    expect(page.locator("[data-standing]")).not_to_have_attribute("aria-busy", "true")
    return int(page.locator("[data-count]").inner_text().replace(",", ""))


@pytest.fixture
def copied(stack: Any) -> None:
    """The worker has copied the demo company into the lake."""
    until = time.monotonic() + 120
    while not list((stack.folder / "lake" / "versions").glob("*.json")):
        assert time.monotonic() < until, "nothing was copied"
        time.sleep(1)


def test_a_segment_in_a_minute_its_profile_and_its_members_tomorrow(
    stack: Any, sign_in: SignIn, copied: None
) -> None:
    page = sign_in("marketer")
    page.goto(f"{stack.address}/segments/")
    page.keyboard.press("c")
    page.wait_for_url("**/segments/new/")
    began = time.monotonic()
    page.fill("[name=name]", "서비스 단골")
    everybody = found(page)

    row = condition(page, "count:transactions")
    row.locator("[id$='-r-from']").fill("2")
    row.locator("[id$='-window']").select_option("ever")
    where = row.locator("[id$='-where']")
    where.focus()
    where.press_sequentially("구분")  # words, arrows and Enter do without a mouse
    expect(row.locator(".combobox-item")).to_have_count(1)
    where.press("Enter")
    expect(page.locator("[data-count-note]")).to_contain_text("조건 1개는 빼고")
    choose(row, "정비")
    expect(page.locator("[data-sentence]")).to_contain_text("정비·서비스인 거래 2번 이상")
    regulars = found(page)
    assert 0 < regulars < everybody

    page.locator("[id$='-except']").first.click()
    pick(page.locator(".rule-less .rule-picker").last, "count:transactions")
    expect(page.locator("[data-sentence]")).to_contain_text("제외")
    fewer = found(page)
    assert fewer < regulars
    page.locator("[name=name]").focus()
    page.locator("[data-undo]").click()
    expect(page.locator(".rule-less .rule-test")).to_have_count(0)
    assert found(page) == regulars

    expect(page.locator("[data-profile] table")).to_contain_text("지금까지 거래")
    expect(page.locator("[data-profile] canvas").first).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/segments/[0-9a-f-]{36}/$"))
    assert time.monotonic() - began < 60

    big = page.locator("#standing .figure-big .figure-value")
    expect(big).to_have_text(f"{regulars:,}", timeout=90_000)
    expect(page.locator("[data-profile] table")).to_contain_text("지금까지 거래")
    segment = page.url
    page.goto(f"{segment}members/")
    expect(page.locator("tbody tr[data-row]").first).to_contain_text("*")  # names are masked
    tomorrow(stack, sign_in, page, segment)


def tomorrow(stack: Any, sign_in: SignIn, page: Page, segment: str) -> None:
    """Somebody comes to the workshop twice: they enter, once, and it is listed who."""
    with psycopg.connect(stack.database) as connection:
        key = connection.execute(
            "SELECT c.id FROM customers_customer c WHERE NOT EXISTS (SELECT 1 FROM"
            " purchases_transaction t WHERE t.customer_id = c.id AND t.kind = 'service')"
            " AND c.home_place_id IS NOT NULL LIMIT 1"
        ).fetchone()
        assert key
        for n in (1, 2):
            connection.execute(
                "INSERT INTO purchases_transaction (id, created_at, customer_id, kind, at, amount,"
                " currency, staff_name, source, source_key, note) VALUES (uuidv7(), now(), %s,"
                " 'service', now() - interval '1 hour', 90000, 'KRW', '', 'story', %s, '')",
                [key[0], f"story-{n}"],
            )
    page.goto(segment)
    entered = page.locator("#standing .figure", has_text="들어옴").locator(".figure-value")
    expect(entered).to_have_text("1", timeout=150_000)
    entered.click()
    page.wait_for_url("**/entered/**")
    expect(page.locator("tbody tr[data-row]")).to_have_count(1)
    page.locator("tbody tr[data-row] a").first.click()
    page.wait_for_url("**/customers/**")
    panel = page.locator("#customer-segments")
    expect(panel).to_contain_text("서비스 단골")
    panel.get_by_role("button", name="지금 판정").click()
    expect(page.locator("#customer-segments")).to_contain_text("해당")


def test_the_builder_is_for_everyone(stack: Any, sign_in: SignIn, copied: None) -> None:
    """No accessibility problem on the list, the builder with every kind of condition, the page."""
    page = sign_in("marketer")
    page.goto(f"{stack.address}/segments/new/")
    condition(page, "attribute:kind")
    condition(page, "count:transactions")
    condition(page, "sequence")
    condition(page, "sample")
    condition(page, "group")
    broken = []
    for theme, rules in (("light", ALL), ("dark", CONTRAST)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        # A figure being counted anew is dimmed: what is read is the one that came of it.
        expect(page.locator(".segment-standing[aria-busy]")).to_have_count(0)
        for rule in Axe().run(page, options=rules).response["violations"]:
            broken.append(f"{theme} {rule['id']}: {rule['nodes'][0]['html'][:120]}")
    assert broken == []


def test_the_phone_has_no_sideways_scroll(stack: Any, sign_in: SignIn, copied: None) -> None:
    page = sign_in("marketer", is_mobile=True, has_touch=True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{stack.address}/segments/new/")
    condition(page, "count:transactions")
    condition(page, "sequence")
    assert page.evaluate(WIDER) <= 0
    page.goto(f"{stack.address}/segments/")
    page.locator("tbody tr[data-row] a", has_text="정비 단골").first.click()
    for _turn in range(20):  # until the other segments are counted too
        expect(page.locator("[data-overlap] > *").first).to_be_visible()
        if page.locator(".upset").count():
            break
        time.sleep(4)
        page.reload()
    expect(page.locator(".upset")).to_be_visible()
    expect(page.locator("[data-profile] table")).to_be_visible()
    assert page.evaluate(WIDER) <= 0


def test_a_condition_is_found_by_a_common_word_and_escape_clears_before_it_closes(
    stack: Any, sign_in: SignIn, copied: None
) -> None:
    page = sign_in("marketer")
    page.goto(f"{stack.address}/segments/new/")
    picker = page.locator("[data-tree] > .rule-group > .rule-foot .rule-picker")
    search, lines = picker.locator("input[type=text]"), picker.locator(".combobox-list")
    search.click()
    whole = picker.locator(".combobox-item").count()
    for words, found in (("생일", "attribute:birth_band"), ("매장", "attribute:home_place"), ("불만", "count:cases"), ("NPS", "count:answers"), ("마지막 방문", "last:transactions"), ("재구매", "count:transactions"), ("revenue", "sum:transactions.amount")):  # fmt: skip
        search.fill(words)
        marked = picker.locator("[aria-selected=true]")
        expect(marked).to_have_attribute("data-chosen-key", found)
    page.keyboard.press("Escape")
    expect(search).to_have_value("")
    expect(picker.locator(".combobox-item")).to_have_count(whole)
    page.keyboard.press("Escape")
    expect(lines).to_be_hidden()

    search.fill("매출")
    expect(picker.locator("[aria-selected=true]")).to_contain_text("금액")
    page.keyboard.press("Enter")
    page.keyboard.type("1000000")
    expect(page.locator("[data-sentence]")).to_contain_text("KRW")
    expect(page.locator("[data-count-note]")).not_to_contain_text("빼고")


def test_the_count_under_way_takes_no_more_room_than_it_needs(
    stack: Any, sign_in: SignIn, copied: None
) -> None:
    page = sign_in("marketer")
    with psycopg.connect(stack.database) as connection:
        connection.execute(
            "INSERT INTO segments_refresh (id, created_at, started_at, done, total, entered,"
            " \"left\", failure) VALUES (uuidv7(), now(), now(), 1, 5, 0, 0, '')"
        )
    try:
        page.goto(f"{stack.address}/segments/")
        progress, rows = page.locator(".segment-counting"), page.locator("#list")
        expect(progress).to_be_visible()
        above, below = progress.bounding_box(), rows.bounding_box()
        assert above and below and above["height"] < 120
        assert below["y"] - (above["y"] + above["height"]) < 2
    finally:
        with psycopg.connect(stack.database) as connection:
            connection.execute("DELETE FROM segments_refresh WHERE finished_at IS NULL")


def test_a_small_screen_shows_no_keys(stack: Any, sign_in: SignIn, copied: None) -> None:
    page = sign_in("marketer")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{stack.address}/segments/new/")
    expect(page.get_by_role("button", name="저장")).to_be_visible()
    expect(page.locator("kbd:visible")).to_have_count(0)
