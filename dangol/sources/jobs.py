"""Jobs of sources; a run that died is run again and goes on where it stood."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy

from dangol.core.jobs import one_by_one, task
from dangol.sources.actions import start_run
from dangol.sources.connecting import Unreachable
from dangol.sources.models import LandedRow, RefusedRow, Run, Source
from dangol.sources.outgoing import dropping
from dangol.sources.outgoing.beginning import begin_all
from dangol.sources.outgoing.models import Change, Delivery
from dangol.sources.outgoing.sending import send_all, webhooks
from dangol.sources.running.carrying import carry_on
from dangol.sources.running.giving_up import fail_run

TRIES = 5
AGAIN = RetryStrategy(
    max_attempts=TRIES, wait=5, exponential_wait=3,
    retry_exceptions=[Unreachable, OperationalError, InterfaceError],
)  # fmt: skip
KEPT = dt.timedelta(days=90)
"""How long refused rows and the log of deliveries are kept."""
FEED_KEPT = dt.timedelta(days=30)
"""How long a change can be asked for; who is behind for longer begins with everything."""


@task(name="sources.run", retry=AGAIN, pass_context=True)
def run(context: Any, key: str) -> str:
    """Carry a run to its end; what stops it for good is written down and told."""
    try:
        return carry_on(uuid.UUID(key)).state
    except Unreachable as failure:
        if context.job.attempts + 1 >= TRIES:
            return fail_run(uuid.UUID(key), failure.reason, failure.facts).state
        raise
    except (OperationalError, InterfaceError):
        raise
    except Exception as failure:
        fail_run(
            uuid.UUID(key), f"{type(failure).__name__}: {str(failure)[:500]}".replace("%", "%%")
        )
        raise


@task(name="sources.start_due_runs", queueing_lock="sources.start_due_runs")
def start_due_runs(timestamp: int = 0) -> int:
    """Several times a minute: begin what is due; how many."""
    due = Source.objects.filter(
        next_at__lte=timezone.now(), paused_at=None, ended_at=None, ready_at__isnull=False
    )
    return len(one_by_one(list(due), lambda source: start_run(source, by=None)))


@task(name="sources.deliver", queueing_lock="sources.deliver")
def deliver(timestamp: int = 0) -> int:
    """Every few seconds: webhooks that wait, and files whose time has come; how many."""
    begin_all()
    sent = one_by_one(webhooks(), send_all)
    return sum(sent) + len(one_by_one(dropping.due(), dropping.drop))


@task(name="sources.forget_old_rows", queueing_lock="sources.forget_old_rows")
def forget_old_rows(timestamp: int = 0) -> int:
    """Every night: refused rows of long ago, and rows of runs that have ended; how many."""
    old = RefusedRow.objects.filter(run__ended_at__lt=timezone.now() - KEPT)
    count = old.delete()[0]
    count += Change.objects.filter(at__lt=timezone.now() - FEED_KEPT).delete()[0]
    old_ones = Delivery.objects.filter(created_at__lt=timezone.now() - KEPT, next_at=None)
    count += old_ones.delete()[0]
    ended = Run.objects.filter(ended_at__isnull=False).values("pk")
    return count + LandedRow.objects.filter(run_id__in=ended).delete()[0]
