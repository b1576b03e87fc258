"""The cubes' recurring work."""

from __future__ import annotations

import datetime as dt
import logging
import time

from django.core.exceptions import ValidationError
from django.utils import timezone

from dangol.core.jobs import Lane, task
from dangol.cubes.kept.mailing import send_due
from dangol.cubes.models import Watch
from dangol.cubes.subjects.catalogue import SUBJECTS
from dangol.cubes.sums.keeping import all_kept, brought_up
from dangol.cubes.watches.watching import look
from dangol.warehouse.engine import lake
from dangol.warehouse.manifest import Damaged, NoLake

log = logging.getLogger(__name__)


@task(Lane.LONG, name="cubes.keep_sums", queueing_lock="cubes.keep_sums")
def keep_sums(timestamp: int = 0) -> str:
    """Every half minute: the sums kept beside the lake follow its newest version."""
    try:
        seen = lake()
    except (NoLake, Damaged):
        return "no lake yet"  # the copy comes first, or makes a damaged file anew
    now = time.time()
    for subject in SUBJECTS.values():
        for kept in all_kept(subject):
            brought_up(kept, seen, build=True)
            kept.sweep(now)
    return f"version {seen.version}"


def moment(timestamp: int) -> dt.datetime:
    """The planned moment; now where a person runs it."""
    return dt.datetime.fromtimestamp(timestamp, dt.UTC) if timestamp else timezone.now()


@task(Lane.LONG, name="cubes.look", queueing_lock="cubes.look")
def look_around(timestamp: int = 0) -> str:
    """Every hour: each watch looks at its rows; one that fails does not keep the others from it."""
    try:
        seen = lake()
    except (NoLake, Damaged):
        return "no lake yet"
    opened = 0
    for watch in Watch.objects.filter(ended_at=None).select_related("owner"):
        try:
            opened += len(look(watch, seen))
        except ValidationError as failure:  # its question is no longer one: a measure is gone
            log.warning("the watch %s asks what is not known: %s", watch, failure)
    return f"{opened} issues"


@task(Lane.LONG, name="cubes.send_subscriptions", queueing_lock="cubes.send_subscriptions")
def send_subscriptions(timestamp: int = 0) -> str:
    """Every five minutes: views whose hour has come go out by mail."""
    try:
        seen = lake()
    except (NoLake, Damaged):
        return "no lake yet"
    return f"{send_due(seen, moment(timestamp))} sent"
