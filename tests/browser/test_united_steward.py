"""The steward of a united company: the score, the real queue, a merge and a split by hand, all undone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from dangol.demo.sources.uniting import NAMES
from tests.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]
SignIn = Callable[..., Page]
CUSTOMERS, PEOPLE = 300, 160
UNREAD = "SELECT count(*) FROM customers_sourcerecord WHERE unread"
A_JOINED_SAMPLE = """
from dangol.identity.models import Link, Question
asked = set(Question.objects.values_list("a_id", "b_id"))
links = Link.objects.filter(by=None, record__customer__isnull=False).order_by("pk")
one = next(k for k in links.select_related("record", "other")
    if k.record.customer_id == k.other.customer_id
    and tuple(sorted((k.record_id, k.other_id))) not in asked)
a, b = sorted((one.record_id, one.other_id))
print(Question.objects.create(a_id=a, b_id=b, why="audit", weight=one.weight, steps=one.steps).pk)
"""
COUNTED = """SELECT count(*) FROM identity_counted WHERE key = 'truth'
    AND at > (SELECT max(ended_at) FROM identity_run)"""
TWO = """
SELECT (array_agg(id ORDER BY id))[1:2] FROM (
    SELECT c.id FROM customers_customer c JOIN customers_sourcerecord r ON r.customer_id = c.id
    WHERE c.kind = 'person' AND r.source LIKE 'db%' GROUP BY c.id HAVING count(*) BETWEEN 3 AND 9
    LIMIT 2) people
"""
FOUR = """SELECT r.customer_id FROM customers_sourcerecord r JOIN customers_customer c ON c.id = r.customer_id
    WHERE c.kind = 'person' AND r.source LIKE 'db%' GROUP BY r.customer_id HAVING count(*) > 3
    ORDER BY r.customer_id LIMIT 1"""
TAKEN = "SELECT records FROM identity_split ORDER BY created_at DESC LIMIT 1"


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """The demo company, cut into thirty databases and read; its worker unites it."""
    made = Stack(customers=CUSTOMERS)
    try:
        made.start()
        made.command("demo", "sources", "--people", str(PEOPLE), "--run")
        made.until(UNREAD, 0)
        made.until(COUNTED, 1)
        yield made
    finally:
        made.remove()


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
    stack.until("SELECT count(*) FROM identity_audit", 1)
    before = stack.value(owners)
    page.goto(f"{stack.address}/matching/")
    lines = page.locator("#steward .steward-queue li")
    expect(lines.first).to_be_visible()
    waiting = lines.count()
    first = page.locator("#steward .steward-queue a").first.get_attribute("href")
    page.keyboard.press("3")
    expect(page.locator(f'#steward .steward-queue a[href="{first}"]')).to_have_count(0)
    if page.locator('#steward [data-key="y"]').count():  # the lot fell on one that was joined
        page.keyboard.press("y")
        expect(page.locator('#steward [data-key="y"]')).to_have_count(0)
    assert stack.value(labels) == 1 and stack.value("SELECT count(*) FROM identity_apart") > 0
    page.keyboard.press("u")
    expect(page.locator(f'#steward .steward-queue a[href="{first}"]')).to_have_count(1)
    expect(lines).to_have_count(waiting)
    assert stack.value(labels) == 0 and stack.value(owners) == before
    assert stack.value("SELECT count(*) FROM identity_apart") == 0


def test_a_sample_against_what_stands_is_put_right_after_it_was_seen(
    stack, sign_in: SignIn
) -> None:
    said = stack.command("manage", "shell", "-v", "0", "-c", A_JOINED_SAMPLE)
    drawn = said.split()[-1]
    owners = "SELECT count(DISTINCT customer_id) FROM customers_sourcerecord"
    before = stack.value(owners)
    page = sign_in("steward")
    page.goto(f"{stack.address}/matching/questions/{drawn}/")
    expect(page.locator("#steward .waterfall")).to_have_count(0)  # nothing of what was decided
    page.keyboard.press("3")
    right = page.locator('#steward [data-key="y"]')
    expect(right).to_contain_text("바로잡기")
    expect(page.locator("#steward .waterfall")).to_be_visible()
    assert stack.value(owners) == before
    page.keyboard.press("y")
    expect(right).to_have_count(0)
    assert stack.value(owners) == before + 1
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile(f"questions/{drawn}/"))
    expect(page.locator("#steward .waterfall")).to_have_count(0)
    assert stack.value(owners) == before


def test_two_are_merged_by_hand_and_parted_again(stack, sign_in: SignIn) -> None:
    stays, goes = stack.value(TWO)
    page = sign_in("steward")
    page.goto(f"{stack.address}/matching/merges/new/?a={stays}&b={goes}")
    expect(page.locator(".merge-moves li").first).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/matching/merges/[0-9a-f-]{36}/"))
    assert stack.value(f"SELECT count(*) FROM customers_customer WHERE id = '{goes}'") == 0
    page.keyboard.press("u")
    expect(page.locator(".merge-sentence .badge")).to_have_text("되돌림")
    assert stack.value(f"SELECT count(*) FROM customers_customer WHERE id = '{goes}'") == 1


def test_one_is_split_and_put_together_again_and_its_page_names_the_sources(
    stack, sign_in: SignIn
) -> None:
    customer = stack.value(TWO)[0]
    records = f"SELECT count(*) FROM customers_sourcerecord WHERE customer_id = '{customer}'"
    before = stack.value(records)
    page = sign_in("steward")
    page.goto(f"{stack.address}/matching/customers/{customer}/split/")
    page.locator(".split-row input").last.check()
    expect(page.locator("#split .merge-moves li").first).to_be_visible()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/matching/splits/[0-9a-f-]{36}/"))
    assert stack.value(records) == before - 1
    page.keyboard.press("u")
    expect(page.locator(".merge-sentence .badge")).to_have_text("되돌림")
    assert stack.value(records) == before
    page.goto(f"{stack.address}/customers/{customer}/")
    golden = page.locator("#panel-golden .golden")
    expect(golden.locator("small").first).to_be_visible()
    told = golden.inner_text()
    assert sum(name in told for name in NAMES) >= 2, told


def test_the_preview_is_of_all_that_is_ticked_however_late_the_answers_come(
    stack, sign_in: SignIn
) -> None:
    customer = stack.value(FOUR)
    page = sign_in("steward")
    page.goto(f"{stack.address}/matching/customers/{customer}/split/")
    held: list[Route] = []
    page.route(re.compile(r"/split/[?]"), lambda route: held.append(route))
    boxes = page.locator(".split-row input")
    split = page.locator("#split button[name=sure]")
    for n in range(3):
        boxes.nth(n).click()
        page.wait_for_timeout(50)
        expect(split).to_be_disabled()
        if n == 1:
            held.pop(0).continue_()  # it comes when more is ticked already
    for route in held:
        route.continue_()
    ticked = [boxes.nth(n).get_attribute("value") for n in range(3)]
    going = ",".join(sorted(map(str, ticked), key=int))
    expect(page.locator("#split [name=shown]")).to_have_value(re.compile(f"^{going}/"))
    expect(page.locator(".split-row input:checked")).to_have_count(3)
    expect(split).to_be_enabled()
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/matching/splits/[0-9a-f-]{36}/"))
    assert stack.value(TAKEN) == [int(key) for key in sorted(map(str, ticked), key=int)]
    page.keyboard.press("u")
    expect(page.locator(".merge-sentence .badge")).to_have_text("되돌림")


def test_a_phone_put_right_stands_in_the_golden_record_at_once(stack, sign_in: SignIn) -> None:
    customer = stack.value(TWO)[0]
    page = sign_in("steward")
    page.goto(f"{stack.address}/customers/{customer}/")
    golden = page.locator("#panel-golden .golden")
    expect(golden.locator("small").first).to_be_visible()
    point = page.locator("#contacts .contact-point").filter(has_text="010-").first
    point.locator("summary").click()
    point.locator("input[name=new_value]").fill("010-9191-2828")
    point.locator("button[value=wrong]").click()
    expect(page.locator("#contacts")).to_contain_text("010-9191-2828")
    expect(golden).to_contain_text("010-9191-2828")
