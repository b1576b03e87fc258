"""What a run over all records puts before the steward, and the waterfalls behind it."""

from __future__ import annotations

import uuid
from typing import Any

import duckdb
import pyarrow as pa

from dangol.identity.learned import Learned
from dangol.identity.matching.full import Matched
from dangol.identity.matching.kinds import PERSON, Kind
from dangol.identity.models import Question
from dangol.identity.recognising.settled import apart_customers


def steps_of_pairs(
    con: duckdb.DuckDBPyConnection, wanted: list[tuple[int, int]], kind: Kind = PERSON
) -> dict[tuple[int, int], list[list[Any]]]:
    """The waterfalls of these pairs, from the table that the comparison left."""
    if not wanted:
        return {}
    con.register("wanted", pa.table({"a": [a for a, _b in wanted], "b": [b for _a, b in wanted]}))
    columns = ", ".join(f"gamma_{c.key}, mw_{c.key}" for c in kind.comparisons)
    rows = con.execute(
        f"select id_l, id_r, mw_tf_adj_name, {columns} from pairs join wanted on"
        " least(id_l, id_r) = a and greatest(id_l, id_r) = b"
    ).fetchall()
    con.unregister("wanted")
    found = {}
    for left, right, rare, *cells in rows:
        steps = []
        for at, comparison in enumerate(kind.comparisons):
            level, bits = cells[2 * at], cells[2 * at + 1]
            if level >= 0:
                key = comparison.levels[len(comparison.levels) - 1 - level].key
                extra = rare if comparison.key == "name" else 0.0
                steps.append([comparison.key, key, round(bits + extra, 3)])
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
    con: duckdb.DuckDBPyConnection, wanted: list[tuple[int, int, float, str]], model: Learned,
    kind: Kind,
) -> int:  # fmt: skip
    before = Question.objects.count()
    steps = steps_of_pairs(con, [(a, b) for a, b, _w, _y in wanted], kind)
    Question.objects.bulk_create(
        [
            Question(
                a_id=a, b_id=b, weight=weight, why=why, model=model.row,
                steps=steps.get((a, b), []), gain=gain_of(weight),
            )
            for a, b, weight, why in wanted
        ],
        batch_size=5000,
        ignore_conflicts=True,
    )  # fmt: skip
    return Question.objects.count() - before


def gain_of(weight: float) -> float:
    """What an answer is worth: the more unsure the pair, the more."""
    probability = 1 / (1 + 2.0**-weight)
    return max(4 * probability * (1 - probability), 0.05)
