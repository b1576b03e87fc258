"""The worker learns when each recurring job runs."""

from __future__ import annotations

from functools import cached_property

from croniter import croniter
from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.periodic import PeriodicTask


class LocalTask(PeriodicTask):  # type: ignore[type-arg]
    """A recurring job whose cron line is meant where the company is: the library itself reads it in
    UTC, so that a night's work would fall into the day."""

    @cached_property
    def croniter(self) -> croniter:
        """The line's moments, in the time zone of the moment that it begins with."""
        return croniter(self.cron, timezone.localtime())


def register() -> None:
    """Tell the worker when each job runs; a name that no app declares is an error."""
    for name, cron in settings.RECURRING.items():
        app.periodic_registry.periodic_tasks[name, name] = LocalTask(
            task=app.tasks[name], cron=cron, periodic_id=name, configure_kwargs={}
        )
