"""Millions of rows at once: indexes and foreign keys are taken away, then made again from whole tables.

Row by row, a foreign key is a look-up for each of some forty columns when the transaction commits,
and an index a descent for each row; made again, both are a few sorts and hash joins. What holds in
the end is the same: PostgreSQL reads every row when it adds a constraint, and refuses a wrong one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from dangol.customers.tallies import fill_tallies
from dangol.surveys.cells import fill_cells

TABLES = [
    "customers_customer", "customers_contactpoint", "customers_check", "customers_checktally",
    "purchases_transaction", "purchases_line", "purchases_ownership",
    "interactions_thread", "interactions_interaction",
    "surveys_response", "surveys_answer", "surveys_indexcell",
]  # fmt: skip
CONSTRAINTS = """
SELECT k.conrelid::regclass::text, quote_ident(k.conname),
       pg_get_constraintdef(k.oid) FROM pg_constraint k
WHERE k.conrelid = ANY(%s::regclass[]) AND (
    k.contype = 'f' OR k.contype IN ('u', 'p') AND NOT EXISTS (
        SELECT 1 FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = k.conindid))
ORDER BY (k.contype = 'f'), k.conrelid::regclass::text, k.conname
"""
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisprimary
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
  AND i.indexrelid NOT IN ('contact_point_wrong'::regclass, 'check_wrong_newest'::regclass)
ORDER BY 1
"""
"""Two small indexes stay: PostgreSQL tells their conditions in other words than they were made with."""


@contextmanager
def loaded_at_once() -> Iterator[None]:
    """Inside, the tables take rows as fast as COPY can; afterwards all that they promise holds again.

    The caller's transaction keeps these tables, and those that they point at, locked until it
    ends: pages of the same database wait. A failure brings everything back as it was.
    """
    assert connection.in_atomic_block
    with connection.cursor() as cursor, transaction.atomic():
        # What waits to be checked is checked now: a table with open checks cannot be changed.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute(CONSTRAINTS, [TABLES])
        constraints = cursor.fetchall()
        for table, name, _definition in reversed(constraints):
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        cursor.execute(INDEXES, [TABLES])
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute("ALTER TABLE surveys_answer DISABLE TRIGGER answers_inserted")
        cursor.execute("ALTER TABLE customers_check DISABLE TRIGGER checks_inserted")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE surveys_answer ENABLE TRIGGER answers_inserted")
        cursor.execute("ALTER TABLE customers_check ENABLE TRIGGER checks_inserted")
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
        fill_cells()
        fill_tallies()
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in constraints:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute("SET LOCAL maintenance_work_mem TO DEFAULT")
        cursor.execute("SET LOCAL work_mem TO DEFAULT")
