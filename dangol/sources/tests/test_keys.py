"""A key stays what it was: a person's or an organisation's, and the same one's."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from dangol.core.models import Notice
from dangol.customers.models import SourceRecord
from dangol.sources.actions import allow_run, choose_place, set_mapping, set_schedule, stop_run
from dangol.sources.connections import connect_source
from dangol.sources.models import KnownRow, Source
from dangol.sources.running.carrying import carry_on
from dangol.sources.tests.factories import HEADINGS, MAPPING, PEOPLE, put, ran
from dangol.sources.words import asked_words

FIRMS = [["1", "㈜한빛건설", "02-555-1000", "", ""], ["F7", "㈜새벽상사", "02-555-2000", "", ""]]
FIRST = [[str(n), f"김하나{n}", f"010-2000-{n:04}", "", f"1980-01-{n:02}"] for n in range(1, 13)]
OTHERS = [[str(n), f"박다른{n}", f"010-7000-{n:04}", "", f"1991-05-{n:02}"] for n in range(1, 13)]


def of_system(code: str, rows: list[list[str]], entity: str = "person", **more: Any) -> Source:
    """A list of the system “crm”."""
    put("people.csv", [HEADINGS, *rows], folder=code)
    source = connect_source(
        code=code, name=code, entity=entity, connection="folder", reach={"folder": code},
        system="crm", by=None,
    )  # fmt: skip
    source = set_mapping(choose_place(source, "*.csv", by=None), MAPPING, by=None)
    return set_schedule(source, schedule="", by=None, **{"full": True} | more)


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (("person", PEOPLE), ("organisation", FIRMS), "a person"),
        (("organisation", FIRMS), ("person", PEOPLE), "an organisation"),
    ],
)
def test_a_key_of_the_other_kind_is_refused_named_and_overwrites_nothing(db, first, second, said):
    ran(of_system("one", first[1], first[0]))
    before = SourceRecord.objects.values().get(key="1")
    run = ran(of_system("two", second[1], second[0]))
    assert (run.state, run.new, run.refused) == ("finished", len(second[1]) - 1, 1)
    refused = run.refused_rows.get()
    assert (refused.line, refused.column, refused.key) == (1, "key", "1")
    told = refused.reason % refused.facts
    assert told == f"“1” belongs to {said} of “crm”"
    assert SourceRecord.objects.values().get(key="1") == before
    assert not KnownRow.objects.filter(source=run.source, key="1").exists()


def test_keys_that_mean_other_people_ask_before_anything_is_applied(client, world):
    source = of_system("list", FIRST)
    ran(source)
    put("people.csv", [HEADINGS, *OTHERS], folder="list")
    run = ran(source)
    assert run.state == "asks"
    assert run.asked == {"why": "other_people", "others": 12, "compared": 12}
    assert "12" in asked_words(run.asked)
    assert run.strange["other_people"]["count"] == 12
    assert run.strange["other_people"]["samples"][0] == [
        1,
        "names",
        "김하나1 → 박다른1",
        "people.csv",
        2,
    ]
    assert SourceRecord.objects.get(key="1").values["name"] == "김하나1"
    assert Notice.objects.filter(user=world.anna, url__contains=str(run.pk)).exists()
    client.force_login(world.anna)
    page = client.get(reverse("sources:run", args=[source.pk, run.pk])).content.decode()
    assert "김하나1 → 박다른1" in page
    stop_run(run, by=world.anna)
    run = ran(source)
    assert run.state == "asks"
    allow_run(run, by=world.anna)
    assert carry_on(run.pk).changed == 12
    assert SourceRecord.objects.get(key="1").values["name"] == "박다른1"


def test_newer_rows_alone_ask_too(db):
    source = of_system("list", FIRST, full=False)
    ran(source)
    put("more.csv", [HEADINGS, *OTHERS[:6]], folder="list")
    run = ran(source)
    assert run.asked == {"why": "other_people", "others": 6, "compared": 6}


@pytest.mark.parametrize(
    "rows",
    [
        [[key, f"새이름{key}", phone, mail, day] for key, _name, phone, mail, day in FIRST],
        [
            [key, name, "010-9000-0000", mail, "1999-09-09"]
            for key, name, _phone, mail, _day in FIRST
        ],
        [*OTHERS[:6], *FIRST[6:]],
        [[key, f"새이름{key}", "", "", ""] for key, *_rest in FIRST[:4]] + FIRST[4:],
    ],
    ids=["new names alone", "new numbers alone", "half of them", "a few"],
)
def test_people_who_change_are_the_same_people(db, rows):
    source = of_system("list", FIRST)
    ran(source)
    put("people.csv", [HEADINGS, *rows], folder="list")
    run = ran(source)
    assert run.state == "finished" and "other_people" not in run.strange


def test_a_watermark_is_kept_for_the_column_that_it_was_read_by(db, settings):
    from dangol.sources.actions import start_run
    from dangol.sources.running.ending import finish
    from dangol.sources.running.holding import take_over

    source = of_system("list", FIRST)
    Source.objects.filter(pk=source.pk).update(watermark_column="생년월일")
    run = start_run(source, by=None, now=False)
    assert run.watermark_column == "생년월일"
    Source.objects.filter(pk=source.pk).update(watermark_column="고객번호")
    run.watermark = {"kind": "text", "value": "1980-01-12"}
    run.save()
    finish(run.pk, take_over(run.pk).token)
    source.refresh_from_db()
    assert source.watermark == {}
