"""Jobs of sources; a run that died is run again and goes on where it stood."""

from __future__ import annotations

import datetime as dt
import uuid
from itertools import batched
from typing import Any

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Exists, F, OuterRef, Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_noop
from procrastinate import RetryStrategy

from dangol.core.jobs import Lane, one_by_one, task
from dangol.sources.actions import start_run
from dangol.sources.connecting import Unreachable
from dangol.sources.models import LandedRow, RefusedRow, Run, Source
from dangol.sources.outgoing import dropping
from dangol.sources.outgoing.beginning import begin_all
from dangol.sources.outgoing.forgetting import forget_changes
from dangol.sources.outgoing.models import Delivery
from dangol.sources.outgoing.sending import send_all, webhooks
from dangol.sources.running.carrying import carry_on
from dangol.sources.running.giving_up import fail_run
from dangol.sources.standing import word_of_runs

TRIES = 5
AGAIN = RetryStrategy(
    max_attempts=TRIES, wait=5, exponential_wait=3,
    retry_exceptions=[Unreachable, OperationalError, InterfaceError],
)  # fmt: skip
OWN_FAULT = gettext_noop("Dangol itself failed at what this source holds. Tell whoever runs it; its log holds the rest: %(why)s")  # fmt: skip
OWN_DATABASE = gettext_noop("Dangol’s own database refused this at each of %(tries)s tries. Tell whoever runs Dangol; its log holds the rest: %(why)s")  # fmt: skip
KEPT = dt.timedelta(days=90)
"""How long refused rows and the log of deliveries are kept."""
RUNS_KEPT = 1000
"""Of each source so many runs stay, and older ones as long as they have refused rows."""
FEED_KEPT = dt.timedelta(days=30)
"""How long a change can be asked for; who is behind for longer begins with everything."""


@task(Lane.LONG, name="sources.run", retry=AGAIN, pass_context=True)
def run(context: Any, key: str) -> str:
    """Carry a run to its end; what stops it for good is written down and told."""
    try:
        return carry_on(uuid.UUID(key)).state
    except Unreachable as failure:
        if context.job.attempts + 1 >= TRIES:
            return fail_run(uuid.UUID(key), failure.reason, failure.facts).state
        raise
    except (OperationalError, InterfaceError) as failure:
        if context.job.attempts + 1 >= TRIES:
            connection.close_if_unusable_or_obsolete()
            fail_run(uuid.UUID(key), OWN_DATABASE, {"why": str(failure)[:200], "tries": TRIES})
        raise
    except Exception as failure:
        fail_run(uuid.UUID(key), OWN_FAULT, {"why": f"{type(failure).__name__}: {failure}"[:200]})
        raise


@task(Lane.QUICK, name="sources.start_due_runs", queueing_lock="sources.start_due_runs")
def start_due_runs(timestamp: int = 0) -> int:
    """Several times a minute: begin what is due; how many. A run that waits for a file looks again
    though its source was paused meanwhile: it has to come to its end."""
    due = Source.objects.filter(next_at__lte=timezone.now(), ended_at=None, ready_at__isnull=False)
    waits = Run.objects.annotate(word=word_of_runs()).filter(source=OuterRef("pk"), word="waits")
    due = due.filter(Q(paused_at=None) | Exists(waits))
    return len(one_by_one(list(due), lambda source: start_run(source, by=None)))


@task(Lane.STEADY, name="sources.begin", queueing_lock="sources.begin")
def begin(timestamp: int = 0) -> int:
    """Every few seconds: what is owed to those who begin; how many are not complete yet."""
    return begin_all()


@task(Lane.SENDING, name="sources.deliver", queueing_lock="sources.deliver", lock=None)
def deliver(timestamp: int = 0) -> int:
    """Every few seconds: webhooks that wait; how many. Two may work: who waits for a slow receiver
    holds that one alone, and the other goes on with the rest."""
    return sum(one_by_one(webhooks(), send_all))


@task(Lane.LONG, name="sources.drop_files", queueing_lock="sources.drop_files")
def drop_files(timestamp: int = 0) -> int:
    """Several times a minute: files whose time has come, behind no receiver that is slow; how many."""
    return sum(path is not None for path in one_by_one(dropping.due(), dropping.drop))


@task(Lane.LONG, name="sources.forget_old_rows", queueing_lock="sources.forget_old_rows")
def forget_old_rows(timestamp: int = 0) -> int:
    """Every night: refused rows of long ago, old runs, and rows of runs that have ended; how many."""
    old = RefusedRow.objects.filter(run__ended_at__lt=timezone.now() - KEPT)
    count = old.delete()[0]
    count += forget_changes(timezone.now() - FEED_KEPT)
    old_ones = Delivery.objects.filter(created_at__lt=timezone.now() - KEPT, next_at=None)
    count += old_ones.delete()[0]
    ended = Run.objects.filter(ended_at__isnull=False).values("pk")
    count += forget_runs()
    return count + LandedRow.objects.filter(run_id__in=ended).delete()[0]


def forget_runs() -> int:
    """Runs of which nothing is asked any more; how many. The last complete one of each source
    stays: every other is held against it."""
    newest = Window(RowNumber(), partition_by="source", order_by=F("created_at").desc())
    nth = Run.objects.annotate(nth=newest).filter(nth__gt=RUNS_KEPT).values_list("pk", flat=True)
    complete = Run.objects.filter(full=True, failed_at=None, stopped_at=None, rows__gt=0)
    held = complete.filter(ended_at__isnull=False).order_by("source", "-created_at")
    kept = set(held.distinct("source").values_list("pk", flat=True))
    kept |= set(RefusedRow.objects.values_list("run", flat=True).distinct())
    old = Run.objects.filter(ended_at__isnull=False)
    parts = batched(set(nth) - kept, 1000)
    return sum(old.filter(pk__in=part).delete()[1].get("sources.Run", 0) for part in parts)
