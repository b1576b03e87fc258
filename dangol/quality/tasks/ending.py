"""Open correction tasks that nobody need work on any more end at night, each with its reason."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import connection, transaction

from dangol.quality.models import CorrectionTask, Policy, TaskOutcome
from dangol.quality.tasks.actions import end_task

AT_ONCE = 500
CLEARLY = 0.9
"""A chance must fall so far below the limit: one that wavers around it ends no task."""
SETTLED = """
    SELECT id, outcome FROM (
        SELECT t.id, CASE
            WHEN p.ended_at IS NOT NULL THEN 'gone'
            WHEN p.state IN ('wrong', 'moved') THEN p.state
            WHEN c.home_place_id IS DISTINCT FROM t.place_id THEN 'elsewhere'
            WHEN t.asked_by_id IS NULL AND t.assigned_to_id IS NULL AND r.chance < %(limit)s
                THEN 'improbable' END AS outcome
        FROM quality_correctiontask t
        JOIN customers_contactpoint p ON p.id = t.contact_point_id
        JOIN customers_customer c ON c.id = p.customer_id
        LEFT JOIN quality_risk r ON r.contact_point_id = p.id
        WHERE t.closed_at IS NULL) open
    WHERE outcome IS NOT NULL
"""
"""A task that somebody took or asked for stays however low the chance has become."""


def end_settled_tasks(policy: Policy, at: dt.datetime) -> int:
    """End what is out of use, known to be wrong, another site's or clearly below the limit; how many."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLED, {"limit": policy.task_from * CLEARLY})
        rows: list[tuple[uuid.UUID, str]] = cursor.fetchall()
    return sum(_end(rows[n : n + AT_ONCE], at) for n in range(0, len(rows), AT_ONCE))


@transaction.atomic
def _end(rows: list[tuple[uuid.UUID, str]], at: dt.datetime) -> int:
    """A portion, of which some may have been closed or taken since it was read."""
    outcomes = dict(rows)
    free = CorrectionTask.objects.select_for_update().filter(pk__in=outcomes, closed_at=None)
    ended = 0
    for task in free.order_by("pk"):
        outcome = TaskOutcome(outcomes[task.pk])
        if outcome != TaskOutcome.IMPROBABLE or task.assigned_to_id is None:
            end_task(task, outcome, by=None, at=at)
            ended += 1
    return ended
