"""The steward's story: a pair decided by keyboard, taken back, decided again, seen on the customer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]
SignIn = Callable[..., Page]
PAIRS = """
from django.db import transaction
from dangol.customers.models import SourceRecord
from dangol.identity.models import Question
from dangol.identity.tests.factories import a_pair
with transaction.atomic():
    Question.objects.all().delete()
    a_pair(why="weight", name="홍서언")
    second = a_pair(why="weight", name="이산")
    Question.objects.filter(pk=second.pk).update(gain=0.1)
    SourceRecord.objects.update(unread=False)  # the worker that runs beside leaves them alone
"""


def test_a_pair_is_decided_by_keyboard_undone_and_seen_on_the_customer(
    stack, sign_in: SignIn
) -> None:
    stack.command("manage", "shell", "-c", PAIRS)
    page = sign_in("steward")
    expect(page).to_have_url(re.compile("/matching/"))
    desk = page.locator("#steward")
    expect(desk.locator(".pair mark").first).to_have_text("연")
    expect(desk.locator(".pair-near .pair-state").first).to_have_text("ㅕ → ㅓ")
    expect(desk.locator(".steward-queue li")).to_have_count(2)
    page.keyboard.press("1")
    expect(desk.locator(".steward-queue li")).to_have_count(1)
    expect(desk.locator(".pair tbody td").nth(1)).to_contain_text("이산")
    page.keyboard.press("u")
    expect(desk.locator(".steward-queue li")).to_have_count(2)
    expect(desk.locator(".pair tbody td").nth(1)).to_contain_text("홍서언")
    page.keyboard.press("j")
    expect(desk.locator(".pair tbody td").nth(1)).to_contain_text("이산")
    page.keyboard.press("k")
    expect(desk.locator(".pair tbody td").nth(1)).to_contain_text("홍서언")
    customer = desk.locator(".pair-customer").first.get_attribute("href")
    page.keyboard.press("1")
    expect(desk.locator(".steward-queue li")).to_have_count(1)
    page.goto(f"{stack.address}{customer}")
    golden = page.locator("#panel-golden .golden")
    expect(golden).to_contain_text("홍서")
    golden.locator(".golden-losers summary").first.click()
    expect(golden.locator(".golden-losers s").first).to_be_visible()
    page.goto(f"{stack.address}/matching/merges/")
    page.locator("#list tbody tr").first.click()
    expect(page.locator(".merge-sentence")).to_be_visible()
    page.keyboard.press("u")
    expect(page.locator(".merge-sentence .badge")).to_have_text("되돌림")
