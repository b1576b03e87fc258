"""The steward's day with sources: what needs a look stands first, and a form asks only what matters."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("product")]
SignIn = Callable[..., Page]
SOURCES = """
from django.utils import timezone
from dangol.sources.models import Run, Source
now = timezone.now()
for code, name, why in (("story-bad", "실패한 명단", "failed"), ("story-good", "온전한 명단", "")):
    source, _made = Source.objects.get_or_create(
        code=code, defaults={"name": name, "system": code, "entity": "person", "connection": "folder", "ready_at": now}
    )
    Run.objects.create(source=source, begun_at=now, ended_at=now, failed_at=now if why else None)
"""
PAIRS = """
from itertools import count
from django.db import transaction
from dangol.customers.models import SourceRecord
from dangol.identity.models import Question
from dangol.identity.tests import factories
factories.KEYS = count(500_000)
with transaction.atomic():
    Question.objects.all().delete()
    for number in range(45):
        pair = factories.a_pair(why="weight", name=f"박하늘{chr(0xAC00 + number * 28)}")
        Question.objects.filter(pk=pair.pk).update(gain=100 - number)
    SourceRecord.objects.update(unread=False)  # the worker that runs beside leaves them alone
"""


def test_a_failed_source_is_one_press_away_and_jobs_speak_words(stack, sign_in: SignIn) -> None:
    stack.command("manage", "shell", "-c", SOURCES)
    page = sign_in("steward")
    page.goto(f"{stack.address}/sources/")
    page.locator(".source-standings a", has_text="실패").click()
    expect(page.locator("#list tbody .main-link, #list tbody td").first).to_contain_text(
        "실패한 명단"
    )
    expect(page.locator("#list tbody")).not_to_contain_text("온전한 명단")
    expect(page.locator(".source-jobs")).to_contain_text("새 레코드 비교")


def test_a_subscriber_is_asked_only_what_its_way_needs(stack, sign_in: SignIn) -> None:
    page = sign_in("steward")
    page.goto(f"{stack.address}/sources/outgoing/new/")
    address, schedule = page.locator("#field-address"), page.locator("#field-schedule")
    expect(address).to_be_hidden()
    page.locator("[name=way]").select_option("webhook")
    expect(address).to_be_visible()
    expect(schedule).to_be_hidden()
    page.locator("[name=way]").select_option("file")
    expect(schedule).to_be_visible()


def test_a_pair_below_the_shown_queue_is_answered(stack, sign_in: SignIn) -> None:
    stack.command("manage", "shell", "-c", PAIRS)
    page = sign_in("steward")
    page.goto(f"{stack.address}/matching/questions/?order=-gain")
    last = page.locator("#list tbody tr[data-href]").nth(43)
    page.goto(f"{stack.address}{last.get_attribute('data-href')}")
    desk = page.locator("#steward")
    expect(desk.locator(".choice-apart")).to_be_enabled()
    page.keyboard.press("3")
    expect(desk.locator(".steward-count").first).to_contain_text(re.compile(r"[1-9]"))
    expect(page.locator(".toast:visible")).to_have_count(1)
