"""What is due begins by itself, once, in the company's time zone; what is paused does not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from dangol.sources.actions import pause_source, resume_source, set_schedule
from dangol.sources.jobs import start_due_runs
from dangol.sources.models import Run, Source
from dangol.sources.scheduling.job_words import JOBS
from dangol.sources.scheduling.recurring import recurring_jobs, timed
from dangol.sources.scheduling.timing import check_schedule, next_moment
from dangol.sources.tests.factories import HEADINGS, PEOPLE, a_source, put
from dangol.sources.words import schedule_words

NIGHT = dt.datetime(2026, 3, 1, 15, 0, tzinfo=dt.UTC)  # midnight in Seoul


@pytest.fixture
def source(db):  # type: ignore[no-untyped-def]
    put("people.csv", [HEADINGS, *PEOPLE])
    return a_source(schedule="30 2 * * *")


def test_half_past_two_is_meant_in_seoul():
    assert next_moment("30 2 * * *", NIGHT) == dt.datetime(2026, 3, 1, 17, 30, tzinfo=dt.UTC)


def test_what_is_due_begins_once(source):
    Source.objects.update(next_at=timezone.now() - dt.timedelta(hours=5))
    assert start_due_runs() == 1
    source.refresh_from_db()
    assert source.next_at > timezone.now()
    assert start_due_runs() == 0 and Run.objects.count() == 1
    assert Run.objects.get().by is None


def test_what_is_paused_does_not_begin(source, world):
    pause_source(source, by=world.anna)
    Source.objects.update(next_at=timezone.now() - dt.timedelta(hours=5))
    assert start_due_runs() == 0 and not Run.objects.exists()
    assert resume_source(source, by=world.anna).next_at > timezone.now()


@pytest.mark.parametrize(
    "line",
    [
        "often", "* * * * * *", "61 * * * *", "1 2 3", "0 0 31 2 *", "² * * * *", "*/1000 * * * *",
        "*/60 * * * *", "0 */24 * * *", "0 0 1/31 * *", "0 0 1 */12 *", "0 0 * * */7",
        "1,10-20/11 * * * *",
    ],
)  # fmt: skip
def test_nonsense_is_no_schedule(source, line):
    with pytest.raises(ValidationError) as refusal:
        set_schedule(source, schedule=line, full=True, by=None)
    assert set(refusal.value.message_dict) == {"schedule"}
    source.refresh_from_db()
    assert source.schedule == "30 2 * * *"


@pytest.mark.parametrize(
    "line", ["*/59 * * * *", "0 */23 * * *", "5/15 9-18/3 * * mon-fri/2", "0 0 1-31/30 */11 */6"]
)
def test_a_step_within_its_field_is_a_schedule(line):
    assert check_schedule(line) == line


def test_a_step_beyond_its_field_is_refused_in_words():
    with translation.override("ko"), pytest.raises(ValidationError) as refusal:
        check_schedule("*/1000 * * * *")
    [said] = refusal.value.message_dict["schedule"]
    assert "*/1000" in said and "0부터 59까지" in said


def test_every_recurring_job_of_the_product_is_on_the_screen(db):
    assert {job.name for job in recurring_jobs()} == set(settings.RECURRING) == set(JOBS)
    assert all(job.next_at for job in recurring_jobs())


@pytest.mark.parametrize(
    ("cron", "said"),
    [("30 2 * * *", "매일 02:30"), ("*/5 * * * *", "5분마다"), ("7 * * * *", "매시 7분"),
     ("* * * * * */5", "5초마다"), ("0 9 * * 1", "월요일 09:00"), ("", "직접 실행"),
     ("1 2 3 4 *", "1 2 3 4 *")],
)  # fmt: skip
def test_schedules_in_words(cron, said):
    with translation.override("ko"):
        assert schedule_words(cron) == said


def test_the_screen_says_how_long_a_job_took_and_that_it_failed(db):
    class Context:
        class job:  # noqa: N801 - as the worker hands it over
            task_name = "sources.deliver"

    def fail() -> None:
        raise RuntimeError("kein Platz")

    assert timed(lambda: 3, Context, None) == 3
    (job,) = (job for job in recurring_jobs() if job.name == "sources.deliver")
    assert job.failure == "" and job.took != "–"
    with pytest.raises(RuntimeError):
        timed(fail, Context, None)
    (job,) = (job for job in recurring_jobs() if job.name == "sources.deliver")
    assert job.failure == "RuntimeError: kein Platz"
