"""Who lives together (a telephone, or a dwelling and a family name), and whose branch an office is."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa
from django.db import connection

from dangol.identity.matching.kinds import PERSON, Kind
from dangol.identity.portions import in_portions
from dangol.identity.recognising.streaming import streamed
from dangol.identity.recognising.tying import STORED

MOST = 6
"""A telephone or dwelling of more customers than this is no household."""

SHARED = """
with known as (select r.id, r.phone, r.family, r.building, r.unit, o.customer
               from records r join owners o on o.record = r.id),
said as (
    select id, customer, phone as spot from known where phone <> ''
    union all
    select id, customer, building || '|' || unit || '|' || family from known
    where building <> '' and unit <> '' and family <> ''),
spots as (select customer, spot, min(id) as id from said group by 1, 2),
small as (select spot from spots group by 1 having count(*) between 2 and {most})
select min_by(a.id, spot), min_by(b.id, spot) from spots a join spots b using (spot)
join small using (spot) where a.customer < b.customer group by a.customer, b.customer
"""
BRANCHES = """
with known as (select r.*, o.customer from records r join owners o on o.record = r.id)
select b.id, h.id from known b join known h
on b.branch <> '' and h.branch = '' and b.customer <> h.customer
and (b.name = h.name or (b.latin or h.latin) and length(b.sound) >= 5 and b.sound = h.sound)
and (b.corporate = h.corporate and b.corporate <> '' or b.domain = h.domain and b.domain <> ''
     or b.owner = h.owner and b.owner <> '' or b.phone = h.phone and b.phone <> '')
where b.name <> '' qualify row_number() over (partition by b.customer, h.customer) = 1
"""
"""The branch first: the same name, and one thing more that a head office and a branch share."""
TIES = {"person": "households", "organisation": "branches"}
"""What the ties are counted as."""
AT_ONCE = 2_000
"""Ties in one transaction at most."""


def find_ties(con: duckdb.DuckDBPyConnection, kind: Kind) -> dict[str, float]:
    """Write down the households, or the branches, that the records show; how many are new."""
    pairs = tied_records(con, kind)
    portions = in_portions(pairs, AT_ONCE, lambda some: store_ties(some, kind.tie))
    return {TIES[kind.key]: sum(stored for _done, stored in portions)}


def tied_records(con: duckdb.DuckDBPyConnection, kind: Kind) -> list[tuple[int, int]]:
    """For each two customers that are tied a record of both that shows it."""
    wanted = (
        "SELECT id, customer_id FROM customers_sourcerecord WHERE customer_id IS NOT NULL"
        f" AND kind = '{kind.key}'"
    )
    with streamed(wanted, {"record": pa.int64(), "customer": pa.string()}) as owners:
        if owners is None:
            return []
        con.register("arrived", owners)
        con.execute("create or replace temp table owners as select * from arrived")
        con.unregister("arrived")
    found = SHARED.format(most=MOST) if kind is PERSON else BRANCHES
    pairs: list[tuple[int, int]] = con.execute(found).fetchall()
    con.execute("drop table owners")
    return pairs


def store_ties(pairs: Sequence[tuple[int, int]], kind: str) -> int:
    """Tie the customers who have these records now; how many ties are new."""
    with connection.cursor() as cursor:
        a, b = [one for one, _other in pairs], [other for _one, other in pairs]
        cursor.execute(STORED, {"kind": kind, "a": a, "b": b})
        return int(cursor.rowcount)
