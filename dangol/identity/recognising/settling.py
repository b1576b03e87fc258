"""What a comparison of all records comes to: waiting records get customers, newcomers join, pairs are
asked about."""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable
from heapq import heapify, heappop, heappush

import duckdb
from django.db import connection
from django.utils import timezone

from dangol.customers.records.models import SourceRecord
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.learned import Learned
from dangol.identity.matching.full import Matched
from dangol.identity.matching.kinds import Kind
from dangol.identity.models import Run
from dangol.identity.recognising.founding import found_customers
from dangol.identity.recognising.giving import give_customers
from dangol.identity.recognising.newcomers import join_newcomers, newcomers
from dangol.identity.recognising.progress import Tell, begun, telling
from dangol.identity.recognising.questions import ask_about, steps_of_pairs

FOUND_AT_ONCE = 20_000
Owners = dict[int, uuid.UUID]
"""Record: the customer that it had when the comparison was read."""


def settle(
    con: duckdb.DuckDBPyConnection, found: Matched, model: Learned, run: Run, tell: Tell, kind: Kind
) -> dict[str, int]:
    """Give waiting records their customers, join newcomers to who was here, and ask where two
    customers look like one."""
    ids = [row[0] for row in con.execute("select id from records order by id").fetchall()]
    owner = owners_now(kind)
    groups: dict[int, list[int]] = defaultdict(list)
    for at, label in enumerate(found.clusters.labels):
        groups[label].append(ids[at])

    told = telling(run, tell)
    meeting = [members for members in groups.values() if len(owners_of(members, owner)) > 1]
    fresh = newcomers(run, kind.key)
    moved = join_newcomers(meeting, owner, fresh, as_of=begun(run), by=run.by, tell=told)
    owner |= moved
    links = [(ids[a], ids[b]) for a, b, _weight in found.clusters.used]
    new, joining, asked = sorted_out(groups, owner, links)
    given = give_customers(joining, begun(run))
    owner |= given
    made = found_all(new, run, told)
    waited = {m for members in new for m in members} | given.keys()
    keep_links(con, ids, found, model, waited | set(moved), kind)
    questions = ask_about(con, ids, found, model, owner, asked, kind)
    return {
        "made": made, "joined": len(waited) - made, "merged": len(moved), "asked": questions,
    }  # fmt: skip


def owners_now(kind: Kind) -> Owners:
    """Whose each record of a kind is."""
    rows = SourceRecord.objects.filter(kind=kind.key).exclude(customer=None)
    return dict(rows.values_list("pk", "customer_id").iterator(chunk_size=20_000))


def owners_of(members: list[int], owner: Owners) -> set[uuid.UUID]:
    """The customers to whom records of a group belong already."""
    return {owner[m] for m in members if m in owner}


def sorted_out(
    groups: dict[int, list[int]], owner: Owners, links: list[tuple[int, int]]
) -> tuple[list[list[int]], list[list[int]], set[int]]:
    """Groups that nobody has yet, records that wait with one who has a customer, and the records of
    several customers that met."""
    new, joining, asked = [], [], set()
    beside: set[int] = set()
    for members in groups.values():
        customers = owners_of(members, owner)
        if not customers:
            new.append(members)
        elif len(customers) > 1:
            asked.update(m for m in members if m in owner)
            beside.update(m for m in members if m not in owner)
        elif any(m not in owner for m in members):
            joining.append(members)
    return new, joining + nearest(beside, asked, links), asked


def nearest(waiting: set[int], owned: set[int], links: list[tuple[int, int]]) -> list[list[int]]:
    """Each waiting record with the record of a customer that it hangs on, by the heaviest links: those
    that come first."""
    beside: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for at, (a, b) in enumerate(links):
        if a in waiting or b in waiting:
            beside[a].append((at, b))
            beside[b].append((at, a))
    anchor = {record: record for record in owned}
    border = [(at, record, other) for record in owned for at, other in beside.get(record, ())]
    heapify(border)
    found: list[list[int]] = []
    while border:
        _at, known, fresh = heappop(border)
        if fresh not in anchor:
            anchor[fresh] = anchor[known]
            found.append([anchor[known], fresh])
            for at, other in beside[fresh]:
                heappush(border, (at, fresh, other))
    return found


def found_all(new: list[list[int]], run: Run, told: Callable[[int, int], None]) -> int:
    """Make a customer for each of these groups; how many."""
    made, trust = 0, trust_of_sources()
    for at in range(0, len(new), FOUND_AT_ONCE):
        made += found_customers(new[at : at + FOUND_AT_ONCE], trust, begun(run))
        told(min(at + FOUND_AT_ONCE, len(new)), len(new))
    return made


def keep_links(
    con: duckdb.DuckDBPyConnection, ids: list[int], found: Matched, model: Learned, new: set[int],
    kind: Kind,
) -> None:  # fmt: skip
    """Keep why each of these records was joined."""
    rows = []
    for a, b, weight in found.clusters.used:
        record, other = max(ids[a], ids[b]), min(ids[a], ids[b])
        if record in new or other in new:
            rows.append((record, other, weight))
    steps = steps_of_pairs(con, [(o, r) for r, o, _w in rows], kind)
    version = str(model.row.pk) if model.row else "\\N"
    now = timezone.now().isoformat()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE fresh (LIKE identity_link INCLUDING IDENTITY)")
        with cursor.copy(
            "COPY fresh (record_id, other_id, weight, steps, model_id, at) FROM STDIN"
        ) as copy:
            for record, other, weight in rows:
                told = json.dumps(steps.get((other, record), []))
                copy.write(f"{record}\t{other}\t{weight}\t{told}\t{version}\t{now}\n")
        cursor.execute(
            "INSERT INTO identity_link (record_id, other_id, weight, steps, model_id, at)"
            " SELECT record_id, other_id, weight, steps, model_id, at FROM fresh"
            " ON CONFLICT DO NOTHING"
        )
        cursor.execute("DROP TABLE fresh")
