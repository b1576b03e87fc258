"""The steward of a united company: the score, the real queue, a merge and a split by hand, all undone."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

from dangol.demo.sources.uniting import NAMES
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SignIn = Callable[..., Page]
CUSTOMERS, PEOPLE, PATIENCE = 300, 160, 120
UNREAD = "SELECT count(*) FROM customers_sourcerecord WHERE unread"
COUNTED = """SELECT count(*) FROM identity_counted WHERE key = 'truth'
    AND at > (SELECT max(ended_at) FROM identity_run)"""
TWO = """
SELECT (array_agg(id ORDER BY id))[1:2] FROM (
    SELECT c.id FROM customers_customer c JOIN customers_sourcerecord r ON r.customer_id = c.id
    WHERE c.kind = 'person' AND r.source LIKE 'db%' GROUP BY c.id HAVING count(*) BETWEEN 3 AND 9
    LIMIT 2) people
"""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """The demo company, cut into thirty databases and read; its worker unites it."""
    made = Stack(customers=CUSTOMERS)
    try:
        made.start()
        made.command("demo", "sources", "--people", str(PEOPLE), "--run")
        until(made, UNREAD, 0)
        until(made, COUNTED, 1)
        yield made
    finally:
        made.remove()


def one(stack: Stack, query: str) -> Any:
    """The first value of a query's first row."""
    with psycopg.connect(stack.database) as line:
        row = line.execute(query).fetchone()
    assert row is not None
    return row[0]


def until(stack: Stack, query: str, value: int) -> None:
    """Wait for the product's own worker."""
    end = time.monotonic() + PATIENCE
    while one(stack, query) != value:
        assert time.monotonic() < end, f"{query}: {one(stack, query)}"
        time.sleep(0.5)


def test_the_score_stands_on_the_page_of_quality(stack, sign_in: SignIn) -> None:
    page = sign_in("steward")
    page.goto(f"{stack.address}/matching/quality/")
    truth = page.locator("section").filter(has=page.locator("h2", has_text="정답"))
    expect(truth).to_contain_text(re.compile(r"(100|99[.]\d+)\s*%"))
    expect(truth).to_contain_text(re.compile("F1"))
    expect(truth.locator("time").first).to_be_visible()


def test_a_question_of_the_real_queue_is_answered_and_taken_back(stack, sign_in: SignIn) -> None:
    owners = "SELECT md5(string_agg(concat(id, customer_id), ',' ORDER BY id)) FROM customers_sourcerecord"
    labels = "SELECT count(*) FROM identity_label"
    page = sign_in("steward")
    page.goto(f"{stack.address}/matching/quality/")
    page.get_by_role("button", name="이번 주").click()
    until(stack, "SELECT count(*) FROM identity_audit", 1)
    before = one(stack, owners)
    page.goto(f"{stack.address}/matching/")
    lines = page.locator("#steward .steward-queue li")
    expect(lines.first).to_be_visible()
    waiting = lines.count()
    first = page.locator("#steward .steward-queue a").first.get_attribute("href")
    page.keyboard.press("3")
    expect(page.locator(f'#steward .steward-queue a[href="{first}"]')).to_have_count(0)
    assert one(stack, labels) == 1 and one(stack, "SELECT count(*) FROM identity_apart") > 0
    page.keyboard.press("u")
    expect(page.locator(f'#steward .steward-queue a[href="{first}"]')).to_have_count(1)
    expect(lines).to_have_count(waiting)
    assert one(stack, labels) == 0 and one(stack, owners) == before
    assert one(stack, "SELECT count(*) FROM identity_apart") == 0


def test_two_are_merged_by_hand_and_parted_again(stack, sign_in: SignIn) -> None:
    stays, goes = one(stack, TWO)
    page = sign_in("steward")
    page.goto(f"{stack.address}/matching/merges/new/?a={stays}&b={goes}")
    expect(page.locator(".merge-moves li").first).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/matching/merges/[0-9a-f-]{36}/"))
    assert one(stack, f"SELECT count(*) FROM customers_customer WHERE id = '{goes}'") == 0
    page.keyboard.press("u")
    expect(page.locator(".merge-sentence .badge")).to_have_text("되돌림")
    assert one(stack, f"SELECT count(*) FROM customers_customer WHERE id = '{goes}'") == 1


def test_one_is_split_and_put_together_again_and_its_page_names_the_sources(
    stack, sign_in: SignIn
) -> None:
    customer = one(stack, TWO)[0]
    records = f"SELECT count(*) FROM customers_sourcerecord WHERE customer_id = '{customer}'"
    before = one(stack, records)
    page = sign_in("steward")
    page.goto(f"{stack.address}/matching/customers/{customer}/split/")
    page.locator(".split-row input").last.check()
    expect(page.locator("#split .merge-moves li").first).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/matching/splits/[0-9a-f-]{36}/"))
    assert one(stack, records) == before - 1
    page.keyboard.press("u")
    expect(page.locator(".merge-sentence .badge")).to_have_text("되돌림")
    assert one(stack, records) == before
    page.goto(f"{stack.address}/customers/{customer}/")
    golden = page.locator("#panel-golden .golden")
    expect(golden.locator("small").first).to_be_visible()
    told = golden.inner_text()
    assert sum(name in told for name in NAMES) >= 2, told
