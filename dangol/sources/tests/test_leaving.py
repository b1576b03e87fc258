"""A run that asks shows which rows would be marked as gone."""

import os
import time

import pytest
from django.urls import reverse

from dangol.customers.models import SourceRecord
from dangol.sources.actions import allow_run, start_run
from dangol.sources.leaving import leaving
from dangol.sources.models import Run
from dangol.sources.running.carrying import carry_on
from dangol.sources.tests.factories import HEADINGS, a_source, put, ran

PEOPLE = [[str(n), f"이름{n}", f"010-2222-{n:04}", "", ""] for n in range(30)]


@pytest.fixture
def asking(world, client):
    """A source of thirty of whom nine came back."""
    client.force_login(world.dana)
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    ran(source)
    put("people.csv", [HEADINGS, *PEOPLE[:9]])
    run = carry_on(start_run(source, by=None, now=False).pk)
    assert run.state == "asks"
    return run


def test_the_rows_that_would_go_stand_under_the_question(asking, client) -> None:
    found = leaving(Run.objects.select_related("source").get(pk=asking.pk))
    assert found is not None and (found.count, len(found.rows), found.more) == (21, 20, 1)
    page = client.get(reverse("sources:source", args=[asking.source_id])).content.decode()
    assert "이름10" in page and "이름3<" not in page and "21" in page


def test_once_it_is_answered_nothing_is_listed(asking) -> None:
    Run.objects.filter(pk=asking.pk).update(allowed_at=asking.created_at)
    assert leaving(Run.objects.select_related("source").get(pk=asking.pk)) is None


def people(count: int, prefix: str) -> list[list[str]]:
    return [[f"{prefix}{n}", f"이름{n}", "", "", ""] for n in range(count)]


def test_as_many_rows_under_other_keys_ask(world) -> None:
    put("people.csv", [HEADINGS, *people(60, "0")])
    source = a_source()
    ran(source)
    put("people.csv", [HEADINGS, *people(60, "K")])
    run = ran(source)
    assert run.state == "asks" and run.asked == {"why": "fewer", "gone": 60, "known": 60}
    found = leaving(run)
    assert found is not None and (found.count, found.rows[0][0]) == (60, "00")
    assert not SourceRecord.objects.exclude(gone_at=None).exists()


def test_everything_after_newer_ones_alone_is_held_against_what_is_known(world) -> None:
    put("day1.csv", [HEADINGS, *people(60, "0")])
    source = a_source(full=False)
    ran(source)
    os.utime(put("day2.csv", [HEADINGS, *people(60, "K")]), (time.time() + 5,) * 2)
    run = ran(source, full=True)
    assert run.state == "asks" and run.asked == {"why": "fewer", "gone": 60, "known": 60}


@pytest.mark.parametrize(
    ("before", "asked"),
    [
        (60, {"why": "halved", "before": 60, "now": 0}),
        (6, {"why": "fewer", "gone": 6, "known": 6}),
    ],
)
def test_a_file_with_its_headings_alone_asks(world, before, asked) -> None:
    put("people.csv", [HEADINGS, *people(before, "")])
    source = a_source()
    ran(source)
    os.utime(put("people.csv", [HEADINGS]), (time.time() + 5,) * 2)
    run = ran(source)
    assert run.state == "asks" and run.asked == asked
    allow_run(run, by=world.anna)
    assert carry_on(run.pk).gone == before


def test_under_a_column_that_is_gone_nobody_is_listed(world) -> None:
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    ran(source)
    put("people.csv", [HEADINGS[:2], *(row[:2] for row in PEOPLE)])
    run = ran(source)
    assert run.asked["why"] == "column_gone" and leaving(run) is None


def test_rows_that_go_are_the_rows_that_stood_under_the_question(asking, world) -> None:
    found = leaving(asking)
    assert found is not None
    allow_run(asking, by=world.anna)
    assert carry_on(asking.pk).gone == found.count == 21
    gone = set(SourceRecord.objects.exclude(gone_at=None).values_list("key", flat=True))
    assert {key for key, _name in found.rows} < gone
