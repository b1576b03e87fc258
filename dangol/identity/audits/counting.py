"""Figures over all records: counted by jobs and kept, so that no page reads whole tables."""

from __future__ import annotations

import dataclasses
import datetime as dt
from contextlib import suppress

import numpy as np
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from dangol.core.events import plain
from dangol.core.jobs import app
from dangol.core.models import User
from dangol.identity.audits.models import Audit, Counted
from dangol.identity.audits.truth import Scored, known_truth, score_against
from dangol.identity.matching.kinds import KINDS
from dangol.identity.models import Link
from dangol.identity.stewarding.gains import weigh_questions

TRUTH = "truth"
FIGURES, COSTS, SAMPLE = "identity.count_figures", "identity.count_costs", "identity.draw_sample"
PATIENCE, MANY, SLOWER = dt.timedelta(seconds=10), 100_000, 60
"""Figures are counted so long after a deed: many deeds are counted together; above so many links so
many times as long, for counting them takes seconds."""
WEIGHTS = """
SELECT round(weight * 4) / 4.0, count(*) FROM (SELECT weight, record_id FROM identity_link
    WHERE by_id IS NULL UNION ALL SELECT weight, a_id FROM identity_question
    WHERE why = 'weight') w JOIN customers_sourcerecord r ON r.id = w.record_id
WHERE r.kind = %s GROUP BY 1 ORDER BY 1
"""


def count_figures() -> list[str]:
    """Count everything that pages show of all records; what was counted. Deeds change how many
    records an answer settles: the queue is put in order again."""
    weigh_questions()
    found = [count_weights(kind).key for kind in KINDS]
    return found + ([TRUTH] if count_truth() else [])


def count_weights(kind: str) -> Counted:
    """How many pairs of a kind have which weight, in quarters of a bit: joined by themselves, asked."""
    with connection.cursor() as cursor:
        cursor.execute(WEIGHTS, [kind])
        rows = [[float(weight), number] for weight, number in cursor.fetchall()]
    return Counted.keep(f"weights.{kind}", {"pairs": rows})


def weights_of_pairs(kind: str = "person") -> tuple[np.ndarray, np.ndarray] | None:
    """The same as it was counted last; None when it never was."""
    if (kept := Counted.of(f"weights.{kind}")) is None:
        return None
    rows = kept.figures["pairs"]
    return np.array([w for w, _n in rows], float), np.array([n for _w, n in rows], float)


def count_truth() -> Counted | None:
    """Score who is who against the hidden truth; None where nobody knows it."""
    truth = known_truth()
    if truth is None:
        Counted.objects.filter(key=TRUTH).delete()
        return None
    return Counted.keep(TRUTH, plain(dataclasses.asdict(score_against(truth))))


def counted_truth() -> tuple[Scored, dt.datetime] | None:
    """The score and when it was counted; None where nobody knows the truth, or before the first run."""
    if (kept := Counted.of(TRUTH)) is None:
        return None
    return Scored(**kept.figures), kept.at


def ask_for_figures() -> None:
    """Have them counted in some seconds, or minutes where that reads a lot; one job that waits is
    enough."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'identity_link'::regclass")
        many = cursor.fetchone()[0] > MANY
    _enqueue(FIGURES, FIGURES, PATIENCE * SLOWER if many else PATIENCE)


def ask_for_costs() -> None:
    """Have the cost of each way of finding candidates counted."""
    _enqueue(COSTS, COSTS)


def something_joined() -> bool:
    """Whether the matching ever joined two records by itself."""
    return Link.objects.filter(by=None).exists()


def ask_for_sample(by: User) -> bool:
    """Have this week's sample drawn; False when it was, or there is nothing to draw from."""
    if Audit.of_week() is not None or not something_joined():
        return False
    _enqueue(SAMPLE, SAMPLE, by=str(by.pk))
    return True


def under_way(*names: str) -> bool:
    """Whether a job of these waits or works."""
    return ProcrastinateJob.objects.filter(
        task_name__in=names, status__in=("todo", "doing")
    ).exists()


def _enqueue(name: str, lock: str, wait: dt.timedelta | None = None, **arguments: str) -> None:
    later = {"schedule_in": {"seconds": int(wait.total_seconds())}} if wait else {}
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(name, queueing_lock=lock, **later).defer(**arguments)
