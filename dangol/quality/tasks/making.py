"""New correction tasks, every night: for each site the contact points that are most probably wrong."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict

from django.db import connection, transaction

from dangol.core.ids import uuid7
from dangol.places.models import Place
from dangol.places.timetables import timetables
from dangol.quality.models import CorrectionTask, Policy, TaskOutcome

BACKLOG = 3
"""A site with so many days of tasks open gets no more: a list that only grows is not worked."""
PAUSE = 90
"""Days before somebody who was not reached is asked for again."""
UNASKED = [str(TaskOutcome.IMPROBABLE), str(TaskOutcome.ELSEWHERE)]
"""Ends of a task before anybody asked the customer: these need no pause."""
CHOSEN = """
    SELECT s.id, r.contact_point_id, r.chance
    FROM places_place s
    CROSS JOIN LATERAL (
        SELECT least(%(most)s, greatest(0, %(most)s * %(backlog)s - count(*))) AS room
        FROM quality_correctiontask t WHERE t.place_id = s.id AND t.closed_at IS NULL) open
    CROSS JOIN LATERAL (
        SELECT r.contact_point_id, r.chance FROM quality_risk r
        JOIN customers_contactpoint p ON p.id = r.contact_point_id
        JOIN customers_customer c ON c.id = p.customer_id
        WHERE r.place_id = s.id AND r.chance >= %(chance)s AND c.home_place_id = s.id
          AND p.ended_at IS NULL AND p.state IN ('verified', 'unverified')
          AND NOT EXISTS (SELECT 1 FROM quality_correctiontask t
              WHERE t.contact_point_id = r.contact_point_id AND (t.closed_at IS NULL
                OR t.closed_at > %(pause)s AND NOT t.outcome = ANY(%(unasked)s)))
        ORDER BY r.chance DESC LIMIT open.room) r
    WHERE s.kind = 'site' AND s.closed_at IS NULL AND open.room > 0
    ORDER BY s.lo, r.chance DESC
"""


@transaction.atomic
def make_tasks(policy: Policy, at: dt.datetime) -> int:
    """Give each open site its tasks of the day; called twice on a day it adds none. How many."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE quality_correctiontask IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            CHOSEN,
            {
                "most": policy.tasks_a_day, "backlog": BACKLOG, "chance": policy.task_from,
                "pause": at - dt.timedelta(days=PAUSE), "unasked": UNASKED,
            },
        )  # fmt: skip
        rows = cursor.fetchall()
    today = made_today(at)
    by_site: dict[uuid.UUID, list[tuple[uuid.UUID, float]]] = defaultdict(list)
    for site, point, chance in rows:
        if len(by_site[site]) + today[site] < policy.tasks_a_day:
            by_site[site].append((point, chance))
    kept, sites = timetables(exact=True), Place.objects.in_bulk(by_site)
    made: list[CorrectionTask] = []
    for site, points in by_site.items():
        due = due_at(sites[site], at, policy.task_minutes, kept)
        made += [
            CorrectionTask(
                id=uuid7(), contact_point_id=point, place_id=site, chance=chance, due_at=due,
                created_at=at,
            )
            for point, chance in points
        ]  # fmt: skip
    CorrectionTask.objects.bulk_create(made, batch_size=2000)
    return len(made)


def made_today(at: dt.datetime) -> dict[uuid.UUID, int]:
    """How many tasks each site was given in the twenty hours before."""
    counts: dict[uuid.UUID, int] = defaultdict(int)
    since = at - dt.timedelta(hours=20)
    for site in CorrectionTask.objects.filter(created_at__gt=since).values_list("place_id"):
        counts[site[0]] += 1
    return counts


def due_at(site: Place, at: dt.datetime, minutes: int, kept: object = None) -> dt.datetime | None:
    """When so many working minutes of the site are over; None for a site that never opens."""
    tables = kept or timetables(exact=True)
    try:
        return tables.of(site, at.year).after(at, minutes)  # type: ignore[attr-defined]
    except ValueError:
        return None
