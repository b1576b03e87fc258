"""What a run over all records puts before the steward, and the waterfalls behind it."""

from __future__ import annotations

import uuid
from typing import Any

import duckdb
import pyarrow as pa

from dangol.customers.records.models import SourceRecord
from dangol.identity.learned import Learned
from dangol.identity.matching.full import Matched
from dangol.identity.matching.kinds import PERSON, Kind
from dangol.identity.models import Question
from dangol.identity.recognising.settled import apart_customers
from dangol.identity.stewarding.gains import gain_of, weigh_questions


def steps_of_pairs(
    con: duckdb.DuckDBPyConnection, wanted: list[tuple[int, int]], kind: Kind = PERSON
) -> dict[tuple[int, int], list[list[Any]]]:
    """The waterfalls of these pairs, from the table that the comparison left."""
    if not wanted:
        return {}
    con.register("wanted", pa.table({"a": [a for a, _b in wanted], "b": [b for _a, b in wanted]}))
    columns = ", ".join(f"gamma_{c.key}, mw_{c.key}" for c in kind.comparisons)
    rows = con.execute(
        f"select id_l, id_r, {columns} from pairs join wanted on"
        " least(id_l, id_r) = a and greatest(id_l, id_r) = b"
    ).fetchall()
    con.unregister("wanted")
    found = {}
    for left, right, *cells in rows:
        steps = []
        for at, comparison in enumerate(kind.comparisons):
            level, bits = cells[2 * at], cells[2 * at + 1]
            if level >= 0:
                key = comparison.levels[len(comparison.levels) - 1 - level].key
                steps.append([comparison.key, key, round(bits, 3)])
        found[min(left, right), max(left, right)] = steps
    return found


def ask_about(
    con: duckdb.DuckDBPyConnection,
    ids: list[int],
    found: Matched,
    model: Learned,
    owner: dict[int, uuid.UUID],
    between: set[int],
    kind: Kind = PERSON,
) -> int:
    """Put before the steward: links that were refused, pairs that are not sure, customers alike."""
    label = dict(zip(ids, found.clusters.labels, strict=True))
    wanted: dict[tuple[int, int], tuple[int, int, float, str]] = {}
    parted = apart_customers()

    def ask(a: int, b: int, weight: float, why: str) -> None:
        mine, theirs = owner.get(a), owner.get(b)
        if mine and theirs and (mine == theirs or frozenset((mine, theirs)) in parted):
            return
        key = (
            tuple(sorted((label[a], label[b])))
            if label[a] != label[b]
            else (owner_no(a), owner_no(b))
        )
        if key not in wanted:
            wanted[key] = (min(a, b), max(a, b), weight, why)  # type: ignore[index]

    numbers: dict[uuid.UUID, int] = {}

    def owner_no(record: int) -> int:
        return -1 - numbers.setdefault(owner[record], len(numbers))

    for a, b, weight in found.clusters.used:
        left, right = ids[a], ids[b]
        if left in between and right in between and owner[left] != owner[right]:
            ask(left, right, weight, "customers")
    for one in found.clusters.refused:
        ask(ids[one.a], ids[one.b], one.weight, one.why)
    unsure = con.execute(
        f"select id_l, id_r, match_weight, {why_sql(kind)} from pairs where match_weight >= ?"
        f" and ({kind.odd_sql} and not {kind.one_sql} and match_weight >= ?"
        f" or {kind.one_sql} and match_weight < ?)"
        " order by match_weight desc, 1, 2",
        [model.thresholds.review, model.thresholds.join, model.thresholds.join],
    ).fetchall()
    for left, right, weight, why in unsure:
        if label[left] != label[right]:
            ask(left, right, weight, why)
    return _store_questions(con, list(wanted.values()), model, kind)


def why_sql(kind: Kind) -> str:
    """Why a pair is a question, as `deciding.why_asked` says it."""
    odd = f"when {kind.odd_sql} and not {kind.one_sql} then 'name'"
    if "registration_else" in kind.numbers:
        apart = f"gamma_registration = {kind.numbers['registration_else']}"
        odd = f"when {kind.odd_sql} and not {kind.one_sql} and {apart} then 'registration' {odd}"
    return f"case {odd} else 'weight' end"


def _store_questions(
    con: duckdb.DuckDBPyConnection, wanted: list[Wanted], model: Learned, kind: Kind
) -> int:  # fmt: skip
    wanted = not_asked(wanted)
    before = Question.objects.count()
    steps = steps_of_pairs(con, [(a, b) for a, b, _w, _y in wanted], kind)
    Question.objects.bulk_create(
        [
            Question(
                a_id=a, b_id=b, weight=weight, why=why, model=model.row,
                steps=steps.get((a, b), []), gain=gain_of(weight, 2),
            )
            for a, b, weight, why in wanted
        ],
        batch_size=5000,
        ignore_conflicts=True,
    )  # fmt: skip
    weigh_questions()
    return Question.objects.count() - before


Wanted = tuple[int, int, float, str]
"""A pair to be asked: two records, the weight, why."""


def not_asked(wanted: list[Wanted]) -> list[Wanted]:
    """Those whose records are two customers' at this moment, about whom no question waits and whom
    nobody told apart."""
    records = {record for a, b, _weight, _why in wanted for record in (a, b)}
    rows = SourceRecord.objects.filter(pk__in=records).exclude(customer=None)
    owner = dict(rows.values_list("pk", "customer_id"))
    waits = Question.objects.filter(settled="").values_list("a__customer", "b__customer")
    known = {frozenset(pair) for pair in waits.iterator()} | apart_customers()
    found = []
    for one in wanted:
        pair = frozenset((owner.get(one[0]), owner.get(one[1])))
        if len(pair) == 2 and pair not in known:
            known.add(pair)
            found.append(one)
    return found
