"""When a source is read next: cron lines, meant in the company's time zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from croniter import CroniterError, croniter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

SPANS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
"""The first and the last of each field of a cron line: minute, hour, day, month, weekday."""


def check_schedule(cron: str) -> str:
    """A cron line with five fields, in one form; ValidationError for nonsense."""
    line = " ".join(cron.split())
    if line and (len(line.split()) != 5 or not croniter.is_valid(line)):
        raise ValidationError({"schedule": _("“%(line)s” is no schedule; write a cron line such as 30 2 * * *.") % {"line": line[:60]}})  # fmt: skip
    check_steps(line)
    if line and next_moment(line, timezone.now()) is None:
        raise ValidationError({"schedule": _("“%(line)s” never comes: there is no such day.") % {"line": line[:60]}})  # fmt: skip
    return line


def check_steps(line: str) -> None:
    """Refuse a step that leads beyond its field, as every 1000 minutes of an hour: it never takes one."""
    for field, (first, last) in zip(line.split(), SPANS, strict=False):
        for part in field.split(","):
            within, _slash, step = part.partition("/")
            low, _dash, high = within.partition("-")
            width = int(high) - int(low) if low.isdecimal() and high.isdecimal() else last - first
            if step.isdecimal() and int(step) > (width if width > 0 else last - first):
                raise ValidationError({"schedule": _("“%(part)s” is no step: from %(first)s to %(last)s nothing is that far apart.") % {"part": part[:60], "first": first, "last": last}})  # fmt: skip


def next_moment(cron: str, after: dt.datetime) -> dt.datetime | None:
    """The next moment of a cron line after an instant."""
    if not cron:
        return None
    zone = ZoneInfo(settings.TIME_ZONE)
    try:
        found = croniter(cron, after.astimezone(zone), second_at_beginning=False)
        return found.get_next(dt.datetime).astimezone(dt.UTC)
    except CroniterError:
        return None
