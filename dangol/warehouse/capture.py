"""Change capture: one small row for each statement that changes what the lake reads.

A trigger sees a statement's rows together, so that a load by COPY writes one range of numbers. The
row belongs to the transaction that made the change: it can be seen as soon as, and only if, that
transaction commits, however late that is.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from dangol.warehouse.sources import NUMBER, number_column, numbered, watched

# A statement's rows have no statistics, and the plan is kept from the first call, often of one row:
# left to itself it compares each of ten thousand old rows with each new one.
PLANNED = ["enable_nestloop=off"]
FUNCTION = """
CREATE OR REPLACE FUNCTION warehouse_changed_{table}() RETURNS trigger LANGUAGE plpgsql
    SET enable_nestloop = off AS $$
DECLARE low bigint; high bigint; n bigint; found int8multirange;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT min({key}), max({key}), count(*) INTO low, high, n FROM new_rows;
        IF n = 0 THEN RETURN NULL; END IF;
        IF high - low + 1 = n THEN
            found := int8multirange(int8range(low, high, '[]'));
        ELSE
            SELECT range_agg(int8range({key}, {key}, '[]')) INTO found FROM new_rows;
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        SELECT range_agg(int8range(later.{key}, later.{key}, '[]')) INTO found
        FROM new_rows later LEFT JOIN old_rows sooner ON sooner.{key} = later.{key}
        WHERE sooner.{key} IS NULL OR ROW({later}) IS DISTINCT FROM ROW({sooner});
    ELSIF TG_OP = 'DELETE' THEN
        SELECT range_agg(int8range({key}, {key}, '[]')) INTO found FROM old_rows;
    ELSE
        found := '{{(,)}}';
    END IF;
    IF found IS NOT NULL THEN
        INSERT INTO warehouse_change (source, numbers) VALUES ('{table}', found);
    END IF;
    RETURN NULL;
END $$;
"""
TRIGGERS = """
CREATE OR REPLACE TRIGGER warehouse_inserted AFTER INSERT ON {table}
    REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION warehouse_changed_{table}();
CREATE OR REPLACE TRIGGER warehouse_updated AFTER UPDATE ON {table}
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION warehouse_changed_{table}();
CREATE OR REPLACE TRIGGER warehouse_deleted AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION warehouse_changed_{table}();
CREATE OR REPLACE TRIGGER warehouse_emptied AFTER TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION warehouse_changed_{table}();
"""


def after_migrations(**_ignored: Any) -> None:
    """Whenever the schema may have changed: watch what the facts declare now."""
    install()


def install() -> None:
    """Number the rows and watch the tables; does nothing where all is as declared."""
    there = columns_in_database()
    for model in sorted(numbered(), key=lambda m: m._meta.db_table):
        if model._meta.db_table in there:
            give_numbers(model._meta.db_table)
    for model, columns in watched().items():
        if columns <= there.get(model._meta.db_table, set()):
            watch(model, sorted(columns))


def read_again(model: Any) -> None:
    """Have the next copy read a table anew, because what its columns are derived from changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO warehouse_change (source, numbers) VALUES (%s, '{(,)}')",
            [model._meta.db_table],
        )


def columns_in_database() -> dict[str, set[str]]:
    """Which tables and columns there are: with half of the migrations undone, not all."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
            " WHERE table_schema = current_schema() GROUP BY table_name"
        )
        return {table: set(columns) for table, columns in cursor.fetchall()}


def watch(model: Any, columns: list[str]) -> None:
    """Triggers that write down which rows a statement changed in these columns."""
    table, key = model._meta.db_table, number_column(model)
    named = {
        "later": ", ".join(f'later."{c}"' for c in columns) or "true",
        "sooner": ", ".join(f'sooner."{c}"' for c in columns) or "true",
    }
    function = FUNCTION.format(table=table, key=key, **named)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc, proconfig FROM pg_proc WHERE proname = %s",
            [f"warehouse_changed_{table}"],
        )
        found = cursor.fetchone()
        if found and found[0] in function and found[1] == PLANNED:
            return
        cursor.execute(function)
        cursor.execute(TRIGGERS.format(table=table))


def give_numbers(table: str) -> None:
    """A column of numbers, filled in batches, so that a large table stays usable meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)),"
            " EXISTS (SELECT 1 FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attname = %s AND NOT attisdropped)",
            [f"{table}_{NUMBER}", table, NUMBER],
        )
        indexed, exists = cursor.fetchone()
        if indexed:
            return
        if not exists:
            with transaction.atomic():
                cursor.execute(f"ALTER TABLE {table} ADD COLUMN {NUMBER} bigint")
                cursor.execute(f"CREATE SEQUENCE {table}_numbers OWNED BY {table}.{NUMBER}")
                cursor.execute(
                    f"ALTER TABLE {table} ALTER COLUMN {NUMBER}"
                    f" SET DEFAULT nextval('{table}_numbers')"
                )
        fill_numbers(table)
        concurrently = "" if connection.in_atomic_block else "CONCURRENTLY"
        cursor.execute(f"DROP INDEX IF EXISTS {table}_{NUMBER}")
        cursor.execute(f"CREATE UNIQUE INDEX {concurrently} {table}_{NUMBER} ON {table} ({NUMBER})")


def fill_numbers(table: str) -> None:
    """Number the rows that were there before the column, page by page of the table."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(%s) / current_setting('block_size')::int", [table])
        pages, step = int(cursor.fetchone()[0]), 200
        for page in range(0, pages + 1, step):
            cursor.execute(
                f"UPDATE {table} SET {NUMBER} = nextval('{table}_numbers')"
                f" WHERE {NUMBER} IS NULL AND ctid >= '({page},0)' AND ctid < '({page + step},0)'"
            )
