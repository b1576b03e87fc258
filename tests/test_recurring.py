"""Recurring jobs come when the page of schedules says so, by the clock of the company."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicDeferrer, PeriodicRegistry

from dangol.config.recurring import register
from dangol.core.jobs import next_time
from dangol.sources.scheduling.timing import next_moment


@pytest.fixture
def registry(monkeypatch: pytest.MonkeyPatch) -> PeriodicRegistry:
    """What a worker knows when it begins."""
    found = PeriodicRegistry()
    monkeypatch.setattr(app, "periodic_registry", found)
    register()
    return found


def test_a_nights_work_is_done_at_night(registry: PeriodicRegistry) -> None:
    line = registry.periodic_tasks["identity.match_all", "identity.match_all"]
    assert line.cron == "30 2 * * *"
    seoul = dt.timezone(dt.timedelta(hours=9))
    deferrer = PeriodicDeferrer(registry)
    for minute, due in ((31, True), (29, False)):
        moment = dt.datetime(2026, 11, 24, 2, minute, tzinfo=seoul).timestamp()
        names = {task.task.name for task, _at in deferrer.get_previous_tasks(at=moment)}
        assert ("identity.match_all" in names) == due
        deferrer.last_defers.clear()


def test_every_job_comes_when_the_page_says(registry: PeriodicRegistry) -> None:
    now = timezone.now()
    for name, cron in settings.RECURRING.items():
        line = registry.periodic_tasks[name, name]
        at = line.croniter.get_next(ret_type=float, start_time=now.timestamp())
        told = next_moment(cron, now)
        assert told is not None
        assert dt.datetime.fromtimestamp(at, dt.UTC) == told == next_time(name, now)
