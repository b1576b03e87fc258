"""Who lives together (a telephone, or a dwelling and a family name), and whose branch an office is."""

from __future__ import annotations

import duckdb
from django.db import connection

from dangol.identity.matching.kinds import PERSON, Kind

MOST = 6
"""A telephone or dwelling of more customers than this is no household."""

SHARED = """
with known as (select r.id, r.phone, r.family, r.building, r.unit, o.customer
               from records r join owners o on o.record = r.id),
spots as (
    select distinct customer, phone as spot from known where phone <> ''
    union
    select distinct customer, building || '|' || unit || '|' || family from known
    where building <> '' and unit <> '' and family <> ''),
small as (select spot from spots group by 1 having count(*) between 2 and {most})
select distinct a.customer, b.customer from spots a join spots b using (spot)
join small using (spot) where a.customer < b.customer
"""
BRANCHES = """
with known as (select r.*, o.customer from records r join owners o on o.record = r.id)
select distinct b.customer, h.customer from known b join known h
on b.branch <> '' and h.branch = '' and b.customer <> h.customer
and (b.name = h.name or (b.latin or h.latin) and length(b.sound) >= 5 and b.sound = h.sound)
and (b.corporate = h.corporate and b.corporate <> '' or b.domain = h.domain and b.domain <> ''
     or b.owner = h.owner and b.owner <> '' or b.phone = h.phone and b.phone <> '')
where b.name <> ''
"""
"""The branch first: the same name, and one thing more that a head office and a branch share."""
TIES = {"person": "households", "organisation": "branches"}
"""What the ties are counted as."""
STORED = """
INSERT INTO customers_relation (id, created_at, from_customer_id, to_customer_id, kind)
SELECT uuidv7(), now(), p.a, p.b, %(kind)s FROM pair p
WHERE NOT EXISTS (SELECT 1 FROM customers_relation r WHERE r.kind = %(kind)s
    AND (r.from_customer_id, r.to_customer_id) IN ((p.a, p.b), (p.b, p.a)))
"""


def find_ties(con: duckdb.DuckDBPyConnection, kind: Kind) -> dict[str, float]:
    """Write down the households, or the branches, that the records show; how many are new."""
    with connection.cursor() as cursor:
        with cursor.copy(
            "COPY (SELECT id, customer_id FROM customers_sourcerecord WHERE customer_id IS NOT NULL"
            f" AND kind = '{kind.key}') TO STDOUT (FORMAT csv)"
        ) as copy:
            data = b"".join(bytes(part) for part in copy)
        import pyarrow as pa
        from pyarrow import csv

        owners = csv.read_csv(
            pa.BufferReader(data),
            read_options=csv.ReadOptions(column_names=["record", "customer"]),
            convert_options=csv.ConvertOptions(column_types={"customer": pa.string()}),
        )
        con.register("owners", owners)
        found = SHARED.format(most=MOST) if kind is PERSON else BRANCHES
        pairs = con.execute(found).fetchall()
        con.unregister("owners")
        cursor.execute("CREATE TEMP TABLE pair (a uuid, b uuid)")
        with cursor.copy("COPY pair (a, b) FROM STDIN") as copy:
            copy.write("".join(f"{a}\t{b}\n" for a, b in pairs))
        cursor.execute(STORED, {"kind": kind.tie})
        stored = cursor.rowcount
        cursor.execute("DROP TABLE pair")
        return {TIES[kind.key]: stored}
