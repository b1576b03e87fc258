"""The last days of the running programmes: most due calls were made, today's are waiting."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.db import connection

from dangol.campaigns.models import Campaign
from dangol.core.models import User
from dangol.demo import calls
from dangol.demo.copying import copy_into, instants, keys
from dangol.demo.customers import Customers
from dangol.demo.purchases import working_instants
from dangol.demo.truth import EXPERIENCE, Truth
from dangol.surveys.models import Survey

DONE_SHARE = 0.85
PROCESS = {"신차 해피콜": "sales", "정비 해피콜": "service", "1년 차량 조사": "product"}
TARGETS = """
SELECT t.id, t.stage_id, t.thread_id, t.customer_id, t.place_id, t.due_on
FROM campaigns_target t WHERE t.campaign_id = %s AND t.due_on < %s ORDER BY t.id
"""
FINISH = """
UPDATE campaigns_target t SET result = v.result, finished_at = v.at, finished_by_id = v.agent,
       attempts_made = 1
FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::uuid[]) AS v(id, result, at, agent)
WHERE v.id = t.id
"""


def finish_recent_targets(
    rng: np.random.Generator,
    truth: Truth,
    customers: Customers,
    site_keys: list[str],
    agents: list[User],
    surveys: dict[str, Survey],
    programmes: list[Campaign],
) -> list[dict[str, Any]]:
    """Play the calls that fell due before today; the unhappy responses among them."""
    from dangol.demo.company import voices_of

    today = np.datetime64("today")
    who = {k.replace("-", ""): i for i, k in enumerate(customers.keys)}
    where = {k.replace("-", ""): i for i, k in enumerate(site_keys)}
    unhappy: list[dict[str, Any]] = []
    for programme in programmes:
        process = PROCESS.get(programme.name)
        with connection.cursor() as cursor:
            cursor.execute(TARGETS, [programme.pk, str(today)])
            rows = [row for row in cursor.fetchall() if rng.random() < DONE_SHARE]
        if not rows or process is None:
            continue
        customer = np.array([who[row[3].hex] for row in rows])
        site = np.array([where[row[4].hex] for row in rows])
        at = working_instants(rng, np.array([row[5] for row in rows], dtype="datetime64[D]"))
        threads = [row[2].hex for row in rows]
        felt = rng.normal(0, EXPERIENCE, len(rows))
        talk = calls.drawn_calls(rng, customers, customer, site, at, threads, len(agents), felt)
        outcomes = calls.write_interactions(rng, talk, customers, site_keys, agents, "happy_call")
        done = calls.write_responses(
            rng, truth, talk, customers, site_keys, agents, surveys[process]
        )
        write_attempts(rng, rows, talk, agents, programme, outcomes)
        unhappy += voices_of(talk, done, customers, site_keys, process, today)
    return unhappy


def write_attempts(
    rng: np.random.Generator,
    rows: list[tuple],
    talk: calls.Calls,
    agents: list[User],
    programme: Campaign,
    outcomes: list[str],
) -> None:
    """Each try, and the targets that it finished; the others are tried again."""
    people = [str(agents[i].pk) for i in talk.agents]
    at = instants(talk.at)
    copy_into(
        "campaigns_attempt",
        {
            "id": keys(rng, talk.at), "created_at": at, "target_id": [row[0].hex for row in rows],
            "campaign_id": str(programme.pk), "stage_id": [row[1].hex for row in rows],
            "interaction_id": talk.keys, "agent_id": people, "outcome": outcomes, "at": at,
        },
    )  # fmt: skip
    over = [i for i, outcome in enumerate(outcomes) if outcome in {"done", "wrong_number"}]
    with connection.cursor() as cursor:
        cursor.execute(
            FINISH,
            [
                [rows[i][0] for i in over],
                [outcomes[i] for i in over],
                [at[i] for i in over],
                [people[i] for i in over],
            ],
        )
