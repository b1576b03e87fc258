"""A column of the key or of the watermark that is renamed is asked about, and never fails raw."""

from __future__ import annotations

import os
import time
from typing import Any

import psycopg
import pytest
from django.core.exceptions import ValidationError

from dangol.customers.models import SourceRecord
from dangol.sources.actions import allow_run, set_schedule, start_run, stop_run
from dangol.sources.running import carrying
from dangol.sources.running.carrying import carry_on
from dangol.sources.running.giving_up import failure_text
from dangol.sources.tests.factories import a_source, put, ran
from dangol.sources.words import asked_words

pytestmark = pytest.mark.django_db
PLAIN = {"key": {"from": ["id"]}, "name": {"from": ["name"]}}


@pytest.fixture
def people(postgres_reach) -> Any:  # type: ignore[no-untyped-def]
    """A table of thirty, and a connection to change it."""
    others = {"host": postgres_reach["socket"], "user": postgres_reach["user"], "dbname": postgres_reach["database"]}  # fmt: skip
    with psycopg.connect(**others, autocommit=True) as db:
        db.execute("CREATE TABLE people AS SELECT n AS id, '고객' || n AS name, n::numeric AS upd FROM generate_series(1, 30) n")  # fmt: skip
        yield db


def a_table(reach: dict[str, Any], **more: Any) -> Any:
    return a_source(connection="postgresql", reach=reach, place="people", mapping=PLAIN, **more)


def test_a_key_that_is_renamed_is_asked_and_cannot_be_allowed(world, people, postgres_reach):
    source = a_table(postgres_reach)
    ran(source)
    people.execute("ALTER TABLE people RENAME id TO no")
    run = ran(source)
    assert run.asked == {"why": "column_gone", "columns": ["id"], "needed": True}
    assert "id" in asked_words(run.asked)
    with pytest.raises(ValidationError):
        allow_run(run, by=world.anna)
    run.refresh_from_db()
    assert run.state == "asks"
    stop_run(run, by=world.anna)
    assert not SourceRecord.objects.exclude(gone_at=None).exists()


def test_a_permission_that_was_given_before_fails_with_a_sentence(world, people, postgres_reach):
    source = a_table(postgres_reach)
    run = start_run(source, by=None, now=False)
    run.names = ["no", "name"]
    run.save()
    run = carry_on(run.pk)
    assert run.state == "failed" and "“id”" in failure_text(run) and "Error" not in run.failure


def test_files_too_ask_for_their_key(world):
    put("people.csv", [["id", "name"], *([str(n), "김철수"] for n in range(30))])
    source = a_source(mapping=PLAIN)
    ran(source)
    put("people.csv", [["no", "name"], *([str(n), "김철수"] for n in range(30))])
    run = ran(source)
    assert run.asked["needed"] and not SourceRecord.objects.exclude(gone_at=None).exists()


def test_a_watermark_that_is_renamed_is_asked_and_then_all_is_read(world, people, postgres_reach):
    source = a_table(postgres_reach, full=False, watermark="upd")
    assert ran(source).new == 30
    people.execute("ALTER TABLE people RENAME upd TO changed")
    people.execute("UPDATE people SET name = '새 이름' WHERE id = 3")
    run = ran(source)
    assert run.asked == {"why": "column_gone", "columns": ["upd"], "watermark": True}
    allow_run(run, by=world.anna)
    run = carry_on(run.pk)
    assert (run.state, run.rows, run.changed, run.gone) == ("finished", 30, 1, 0)
    set_schedule(source, schedule="", full=True, by=None)


@pytest.mark.parametrize("odd", ["NaN", "Infinity"])
def test_a_watermark_that_is_no_number_is_read_and_not_kept(people, postgres_reach, odd):
    people.execute(f"INSERT INTO people VALUES (31, '끝없음', '{odd}'), (32, '빈칸', NULL)")
    source = a_table(postgres_reach, full=False, watermark="upd")
    assert ran(source).new == 32
    source.refresh_from_db()
    assert source.watermark["value"] == "30"
    people.execute("INSERT INTO people VALUES (33, '새 고객', 40)")
    assert ran(source).new == 1


def test_what_dangol_itself_gets_wrong_is_a_sentence_too(people, postgres_reach, monkeypatch):
    from dangol.sources import jobs

    source = a_table(postgres_reach)
    run = start_run(source, by=None, now=False)
    monkeypatch.setattr(jobs, "carry_on", lambda key: {}["id"])
    context = type("Context", (), {"job": type("Job", (), {"attempts": 0})})
    with pytest.raises(KeyError):
        jobs.run(context, str(run.pk))
    run.refresh_from_db()
    assert run.state == "failed" and carrying
    assert failure_text(run).endswith("KeyError: 'id'") and not failure_text(run).startswith("Key")


def test_one_of_several_files_that_lacks_a_column_is_asked_about_first(world):
    put("a.csv", [["id", "name", "city"], ["1", "김철수", "서울"], ["2", "이영희", "부산"]])
    mapping = PLAIN | {"address": {"from": ["city"]}}
    source = a_source(mapping=mapping, full=False)
    ran(source)
    os.utime(put("b.csv", [["id", "name"], ["1", "김철수"]]), (time.time() + 5,) * 2)
    os.utime(put("c.csv", [["id", "name", "city"], ["3", "박민수", "대구"]]), (time.time() + 9,) * 2)  # fmt: skip
    run = ran(source)
    assert run.asked == {"why": "file_lacks", "file": "b.csv", "columns": ["city"]}
    assert "b.csv" in asked_words(run.asked) and "city" in asked_words(run.asked)
    assert SourceRecord.objects.get(key="1").values["address"] == "서울"
    allow_run(run, by=world.anna)
    run = carry_on(run.pk)
    assert (run.state, run.new, run.changed) == ("finished", 1, 1)
