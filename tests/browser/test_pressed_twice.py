"""A button pressed twice does once what it says, also where only a part of the page is sent."""

from __future__ import annotations

import uuid

import psycopg
import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]

OPEN = """
from dangol.cases.actions import open_case
from dangol.cases.models import Category
from dangol.customers.models import Customer
from dangol.places.models import Place
case = open_case(
    customer=Customer.objects.first(), place=Place.objects.filter(kind="site").first(),
    category=Category.objects.first(), title="두 번 눌린 메모", by=None,
)
print("CASE", case.pk)
"""


def test_a_note_sent_by_a_double_click_is_kept_once(stack, sign_in):
    page = sign_in("supervisor")
    case = stack.command("manage", "shell", "-c", OPEN).split("CASE ")[1].split()[0]
    page.goto(f"{stack.address}/cases/{case}/")
    form = page.locator('form[action$="/notes/"]')
    page.keyboard.press("n")
    typed = [f"한 번만 남는 메모 {uuid.uuid4()}" for _ in range(2)]
    for words in typed:
        form.locator("textarea").fill(words)
        form.locator("button[type=submit]").dblclick()
        expect(page.locator("#record").get_by_text(words)).to_have_count(1)
        page.wait_for_load_state("networkidle")
    with psycopg.connect(stack.database) as line:
        kept = line.execute(
            "SELECT text FROM cases_note WHERE case_id = %s ORDER BY created_at DESC LIMIT 2", [case]
        ).fetchall()  # fmt: skip
    assert [text for (text,) in kept] == typed[::-1]
