"""Rows that a quote has swallowed, and rows that are missing, are asked about before they are gone."""

from __future__ import annotations

import pytest

from dangol.customers.models import SourceRecord
from dangol.sources.actions import allow_run
from dangol.sources.running.carrying import carry_on
from dangol.sources.tests.factories import a_source, put, ran
from dangol.sources.words import asked_words

pytestmark = pytest.mark.django_db
PLAIN = {"key": {"from": ["id"]}, "name": {"from": ["name"]}}
HEAD = ["id", "name", "note"]


def people(count: int) -> list[list[str]]:
    return [HEAD, *([f"{n:05}", f"고객{n}", "x"] for n in range(count))]


def test_an_unclosed_quote_is_named_and_asked_and_nobody_is_gone(world):
    put("people.csv", people(2000))
    source = a_source(mapping=PLAIN)
    assert ran(source).new == 2000
    rows = people(2000)
    rows[1501][2] = '"5.5 inch'
    put("people.csv", rows)
    run = ran(source)
    assert run.state == "asks" and run.asked == {"why": "swallowed", "lines": 499}
    assert run.strange["swallowed"]["samples"] == [[0, "", "", "people.csv", 1502]]
    assert "499" in asked_words(run.asked)
    assert not SourceRecord.objects.exclude(gone_at=None).exists()


def test_what_was_allowed_once_is_not_asked_each_time(world):
    rows = people(30)
    rows[4][2] = '"a,b,c\n1,2,3\n4,5,6"'
    put("people.csv", rows)
    source = a_source(mapping=PLAIN)
    run = ran(source)
    assert run.asked == {"why": "swallowed", "lines": 2}
    allow_run(run, by=world.anna)
    assert carry_on(run.pk).new == 30
    rows[7][1] = "다른 이름"
    put("people.csv", rows)
    run = ran(source)
    assert (run.state, run.changed) == ("finished", 1)


def test_an_address_of_two_lines_is_no_swallowed_row():
    rows = people(30)
    rows[4][2] = '"서울, 강남구,\n역삼동, 1, 2"'
    put("people.csv", rows)
    assert ran(a_source(mapping=PLAIN)).new == 30


@pytest.mark.parametrize(("left", "state"), [(474, "asks"), (475, "finished"), (480, "finished")])
def test_rows_that_are_missing_are_asked_about_from_five_percent(left, state):
    put("people.csv", people(500))
    source = a_source(mapping=PLAIN)
    ran(source)
    put("people.csv", people(left))
    run = ran(source)
    assert run.state == state
    if state == "asks":
        assert run.asked == {"why": "fewer", "gone": 26, "known": 500}
        assert not SourceRecord.objects.exclude(gone_at=None).exists()
    else:
        assert run.gone == 500 - left
