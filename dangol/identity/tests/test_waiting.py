"""While records wait to be matched, neither the desk nor the list of sources says that all is done."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from dangol.customers.models import SourceRecord
from dangol.identity.actions import run_new
from dangol.identity.models import Run, RunKind
from dangol.identity.stewarding import waiting
from dangol.identity.tests.factories import HONG, a_pair, record
from dangol.imports.models import Import

pytestmark = pytest.mark.django_db


def desk(client) -> str:
    return client.get(reverse("matching:desk")).content.decode()


def test_an_empty_queue_says_how_many_records_wait_and_asks_again(client, world) -> None:
    record(**HONG)
    record("web", name="김도현")
    client.force_login(world.dana)
    page = desk(client)
    assert "모든 쌍을 처리했습니다" not in page and "<b>2</b>" in page and "every 5s" in page
    assert reverse("matching:runs") in page
    part = client.get(reverse("matching:desk"), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="steward"')
    run_new()
    page = desk(client)
    assert "steward-unmatched" not in page and "every 5s" not in page


def test_the_run_that_is_matching_them_is_one_press_away(client, world) -> None:
    record(**HONG)
    run = Run.objects.create(kind=RunKind.FULL, begun_at=timezone.now())
    client.force_login(world.dana)
    assert reverse("matching:run", args=[run.pk]) in desk(client)


def test_beside_a_waiting_pair_the_number_stands_too(client, world) -> None:
    a_pair(world.place("GANGNAM"))
    SourceRecord.objects.update(unread=False)
    client.force_login(world.dana)
    assert "steward-unmatched" not in desk(client)
    record(**HONG)
    assert "steward-unmatched" in desk(client)


def test_a_file_that_is_being_loaded_is_named_as_what_they_wait_for(world, tmp_path) -> None:
    record(**HONG)
    assert not waiting.records_waiting().loading
    Import.objects.create(kind="customers", started_at=timezone.now())
    assert waiting.records_waiting().loading


def test_more_than_can_be_counted_quickly_are_told_as_more_than(monkeypatch) -> None:
    monkeypatch.setattr(waiting, "MOST", 1)
    record(**HONG)
    assert not waiting.records_waiting().more
    record("web", **HONG)
    assert waiting.records_waiting().more and waiting.records_waiting().shown == 1
