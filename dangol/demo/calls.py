"""Past happy calls of the demo company: conversations, answers, checks of the phone number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection

from dangol.core.models import User
from dangol.demo.copying import copy_into, instants, keys, picked
from dangol.demo.customers import Customers
from dangol.demo.truth import Truth, drawn_values
from dangol.demo.voices import spoken
from dangol.surveys.models import Index, Survey, Version

NULL = "\\N"
FIGURES = [str(n) for n in range(11)]
POINTS = ["", "0", "25000", "50000", "75000", "100000"]
"""What a step of the scale is worth, by the step."""
SECOND = np.timedelta64(1, "s")


def local_days(at: np.ndarray) -> np.ndarray:
    """The days of instants in Seoul, where all sites of the demo company lie."""
    return (at + np.timedelta64(9, "h")).astype("datetime64[D]").astype(str)


@dataclass
class Calls:
    """Columns of calls to be written: who about what, when, in which thread."""

    customer: np.ndarray
    site: np.ndarray
    at: np.ndarray
    threads: list[str]
    agents: np.ndarray
    answered: np.ndarray
    keys: list[str]
    experience: np.ndarray
    """How what is asked about went for the customer."""


@dataclass
class Completed:
    """Columns of completed responses."""

    keys: list[str]
    call: np.ndarray
    score: np.ndarray
    worst: np.ndarray
    voice: list[str]
    low: np.ndarray


def drawn_calls(
    rng: np.random.Generator,
    customers: Customers,
    customer: np.ndarray,
    site: np.ndarray,
    at: np.ndarray,
    threads: list[str],
    agents: int,
    experience: np.ndarray,
) -> Calls:
    """Who was reached: not the wrong numbers, and four in five of the rest."""
    answered = (rng.random(len(at)) < 0.8) & ~customers.wrong[customer]
    agent = rng.integers(0, agents, len(at))
    return Calls(customer, site, at, threads, agent, answered, keys(rng, at), experience)


def write_threads(
    rng: np.random.Generator,
    customers: Customers,
    site_keys: list[str],
    customer: np.ndarray,
    site: np.ndarray,
    at: np.ndarray,
    transactions: list[str],
) -> list[str]:
    """A turn of the loop for each transaction that was called about."""
    ids = keys(rng, at)
    copy_into(
        "interactions_thread",
        {
            "id": ids, "created_at": instants(at), "customer_id": picked(customers.keys, customer),
            "place_id": picked(site_keys, site), "transaction_id": transactions,
            "begun_by": "transaction", "ended_at": None,
        },
    )  # fmt: skip
    return ids


def write_interactions(
    rng: np.random.Generator,
    calls: Calls,
    customers: Customers,
    site_keys: list[str],
    agents: list[User],
    purpose: str,
) -> list[str]:
    """The conversations with their instants; their outcomes."""
    n = len(calls.at)
    wrong = customers.wrong[calls.customer]
    ring = calls.at + rng.integers(2, 5, n) * SECOND
    answer = np.where(
        calls.answered, ring + rng.integers(4, 20, n) * SECOND, np.datetime64("NaT", "s")
    )
    talk = rng.gamma(6.0, 28.0, n).astype(int) * SECOND
    end = np.where(calls.answered, answer + talk, ring + rng.integers(3, 35, n) * SECOND)
    wrapped = end + rng.integers(5, 60, n) * SECOND
    outcome = np.where(
        calls.answered,
        "done",
        np.where(wrong, "wrong_number", np.where(rng.random(n) < 0.2, "busy", "no_answer")),
    )
    copy_into(
        "interactions_interaction",
        {
            "id": calls.keys, "created_at": instants(calls.at), "thread_id": calls.threads,
            "customer_id": picked(customers.keys, calls.customer),
            "place_id": picked(site_keys, calls.site),
            "agent_id": picked([str(a.pk) for a in agents], calls.agents),
            "contact_point_id": picked(customers.phone_keys, calls.customer),
            "channel": "phone", "outbound": True, "purpose": purpose, "queued_at": instants(calls.at),
            "ringing_at": instants(ring), "answered_at": instants(answer), "ended_at": instants(end),
            "wrapped_at": instants(wrapped), "outcome": outcome, "note": "", "recording": "",
        },
    )  # fmt: skip
    write_checks(rng, calls, customers, site_keys, agents, wrong)
    return outcome.tolist()


def write_checks(
    rng: np.random.Generator,
    calls: Calls,
    customers: Customers,
    site_keys: list[str],
    agents: list[User],
    wrong: np.ndarray,
) -> None:
    """What each call said about the number: right when answered, wrong when it was another's."""
    rows = np.flatnonzero(calls.answered | wrong)
    copy_into(
        "customers_check",
        {
            "id": keys(rng, calls.at[rows]), "created_at": instants(calls.at[rows]),
            "contact_point_id": picked(customers.phone_keys, calls.customer[rows]),
            "outcome": np.where(wrong[rows], "wrong", "verified"), "at": instants(calls.at[rows]),
            "by_id": picked([str(a.pk) for a in agents], calls.agents[rows]), "place_id": None,
            "source": customers.source[calls.customer[rows]],
            "home_place_id": picked(site_keys, customers.site[calls.customer[rows]]),
            "day": local_days(calls.at[rows]),
            "interaction_id": picked(calls.keys, rows),
        },
    )  # fmt: skip


def settle_states() -> None:
    """Every contact point stands as its latest check says."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_contactpoint p SET state = c.outcome, checked_at = c.at FROM ("
            " SELECT DISTINCT ON (contact_point_id) contact_point_id, outcome, at"
            " FROM customers_check ORDER BY contact_point_id, at DESC) c"
            " WHERE c.contact_point_id = p.id AND p.checked_at IS DISTINCT FROM c.at"
        )


def write_responses(
    rng: np.random.Generator,
    truth: Truth,
    calls: Calls,
    customers: Customers,
    site_keys: list[str],
    agents: list[User],
    survey: Survey,
) -> Completed:
    """Responses of the answered calls, drawn from the hidden truth, with all their answers."""
    version = survey.versions.filter(published_at__isnull=False).latest("number")
    index = Index.objects.filter(process=survey.process).latest("number")
    rows = np.flatnonzero(calls.answered)
    at = calls.at[rows] + 180 * SECOND
    ids = keys(rng, at)
    copy_into(
        "surveys_response",
        {
            "id": ids, "created_at": instants(at), "survey_id": str(survey.pk),
            "version_id": str(version.pk), "index_id": str(index.pk),
            "thread_id": picked(calls.threads, rows),
            "interaction_id": picked(calls.keys, rows),
            "customer_id": picked(customers.keys, calls.customer[rows]),
            "place_id": picked(site_keys, calls.site[rows]), "process": survey.process,
            "channel": "phone", "agent_id": picked([str(a.pk) for a in agents], calls.agents[rows]),
            "started_at": instants(calls.at[rows]), "completed_at": instants(at), "day": local_days(at),
            "corrected_at": None, "withdrawn_at": None, "withdrawn_by_id": None,
        },
    )  # fmt: skip
    return write_answers(rng, truth, calls, rows, ids, version, index, survey.process)


class AnswerColumns:
    """The rows of many responses' answers, gathered question by question."""

    def __init__(self, ids: list[str]) -> None:
        self.ids = ids
        names = ("response_id", "question", "item", "value", "text", "score")
        self.columns: dict[str, list[Any]] = {name: [] for name in names}

    def add(
        self, keep: list[int], question: str, item: str, value: list, text: list, points: list
    ) -> None:
        """One question's answers of the responses at these positions."""
        self.columns["response_id"] += picked(self.ids, np.array(keep, dtype=int))
        self.columns["question"] += [question] * len(keep)
        self.columns["item"] += [item] * len(keep)
        self.columns["value"] += value
        self.columns["text"] += text
        self.columns["score"] += points


def write_answers(
    rng: np.random.Generator,
    truth: Truth,
    calls: Calls,
    rows: np.ndarray,
    ids: list[str],
    version: Version,
    index: Index,
    process: str,
) -> Completed:
    """One row for each answer, and the respondent's own index under the empty question."""
    draw = lambda item: drawn_values(  # noqa: E731
        rng, truth, calls.site[rows], calls.customer[rows], calls.at[rows],
        calls.experience[rows], item,
    )  # fmt: skip
    scales = [q for q in version.body if q["type"] == "scale" and q.get("required", True)]
    values = {q["key"]: draw(q["item"]) for q in scales}
    nps = np.clip(2 * values["overall"] + rng.integers(-2, 2, len(rows)), 0, 10)
    worst = np.min(np.stack(list(values.values())), axis=0)
    weights = index.weights
    total = sum(weights[q["item"]] for q in scales)
    score = sum(weights[q["item"]] * (values[q["key"]] - 1) * 25_000 for q in scales) // total
    columns = AnswerColumns(ids)
    add = columns.add
    everybody = list(range(len(rows)))
    blank = [""] * len(rows)
    for question in scales:
        given = values[question["key"]]
        figures, points = picked(FIGURES, given), picked(POINTS, given)
        add(everybody, question["key"], question["item"], figures, blank, points)
    promoter = np.where(nps >= 9, "100000", np.where(nps >= 7, "50000", "0"))
    add(everybody, "nps", "nps", picked(FIGURES, nps), blank, promoter.tolist())
    add(everybody, "", "", [NULL] * len(rows), blank, list(map(str, score.tolist())))
    call_me = (worst == 1) & (rng.random(len(rows)) < 0.25)
    wish = ["true" if c else "false" for c in call_me]
    add(everybody, "call_me", "", wish, blank, [NULL] * len(rows))
    items = {q["item"]: values[q["key"]] for q in scales if q["item"]}
    since = (np.datetime64("now") - calls.at[rows]).astype("timedelta64[D]").astype(int)
    voices = spoken(rng, process, items, score, since)
    said = [i for i in everybody if voices[i]]
    add(said, "voice", "", [NULL] * len(said), [voices[i] for i in said], [NULL] * len(said))
    copy_into("surveys_answer", columns.columns)
    return Completed(ids, rows, score, worst, voices, call_me)
