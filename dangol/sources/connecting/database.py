"""Any database that SQLAlchemy speaks to: read only, in one stream, in the order of the key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from django.db import connection as ours
from django.utils.translation import gettext_noop
from sqlalchemy import exc

from dangol.sources.connecting.addresses import address_of, understood
from dangol.sources.connecting.contract import PIECE, Ask, Piece, Place, Unreachable, Unusable
from dangol.sources.connecting.values import as_text, kept, larger, unkept

DRIVERS = {"postgresql": "postgresql+psycopg", "mariadb": "mysql+pymysql"}
PORTS = {"postgresql": 5432, "mariadb": 3306}
OURS = {None, "public", "pg_catalog", "information_schema"}
"""Schemas of Dangol's own database that nobody reads as a source."""
PATIENCE = 10
"""Seconds until nobody answers."""


def address(connection: str, said: dict[str, Any], hidden: str) -> sa.URL:
    """Where a database is, from the fields of its form or from the hidden address itself."""
    if connection == "database":
        return address_of(hidden)
    query = {}
    if connection == "mariadb":
        query["charset"] = "utf8mb4"
    if socket := said.get("socket"):
        query["host" if connection == "postgresql" else "unix_socket"] = socket
    return sa.URL.create(
        DRIVERS[connection], username=said.get("user") or None, password=hidden or None,
        host=None if said.get("socket") else said.get("host") or "localhost",
        port=int(said.get("port") or PORTS[connection]), database=said.get("database") or None,
        query=query,
    )  # fmt: skip


class Database:
    """Tables and views of one database."""

    def __init__(self, connection: str, said: dict[str, Any], hidden: str) -> None:
        url = address(connection, said, hidden)
        self.schema = said.get("schema") or None
        options: dict[str, Any] = {}
        if url.get_backend_name() in {"postgresql", "mysql", "mariadb"}:
            options["connect_timeout"] = PATIENCE
        self.kind = connection
        with understood(connection):
            self.engine = sa.create_engine(url, connect_args=options, poolclass=sa.NullPool)

    def close(self) -> None:
        """Leave the database."""
        self.engine.dispose()

    def test(self) -> str:
        """The database's make and version."""
        with self.connected() as connection:
            version = connection.dialect.server_version_info or ()
            return f"{connection.dialect.name} {'.'.join(map(str, version[:3]))}".strip()

    def connected(self) -> Connected:
        """A connection whose troubles are told as ours."""
        return Connected(self.engine, self.kind)

    def guard(self, connection: sa.Connection) -> None:
        """Refuse Dangol's own tables: what is read here is shown to whoever connects sources."""
        if connection.dialect.name != "postgresql" or self.schema not in OURS:
            return
        asked = "SELECT current_database() || ' ' || pg_postmaster_start_time()"
        theirs = connection.execute(sa.text(asked)).scalar_one()
        with ours.cursor() as cursor:
            cursor.execute(asked)
            if cursor.fetchone()[0] == theirs:
                raise Unusable(gettext_noop("These are Dangol's own tables; they are no source."))

    def places(self) -> list[Place]:
        """Tables and views."""
        with self.connected() as connection:
            self.guard(connection)
            look = sa.inspect(connection)
            tables = sorted(look.get_table_names(self.schema))
            views = sorted(look.get_view_names(self.schema))
        return [Place(name) for name in tables] + [Place(name, note="view") for name in views]

    def table(self, connection: sa.Connection, place: str) -> sa.Table:
        """A table as the database describes it now."""
        self.guard(connection)
        try:
            return sa.Table(place, sa.MetaData(), schema=self.schema, autoload_with=connection)
        except exc.NoSuchTableError:
            raise Unusable(
                gettext_noop("There is no table “%(name)s”."), name=place[:100]
            ) from None

    def columns(self, place: str) -> list[str]:
        """The columns of a table."""
        with self.connected() as connection:
            return [column.name for column in self.table(connection, place).columns]

    def sample(self, place: str, rows: int) -> list[list[str]]:
        """Some rows."""
        with self.connected() as connection:
            table = self.table(connection, place)
            found = connection.execute(
                sa.select(*shown(table, [c.name for c in table.c])).limit(rows)
            )
            return [[as_text(value) for value in row] for row in found]

    def read(self, ask: Ask) -> Iterator[Piece]:
        """One stream in the order of watermark and key; the cursor remembers the last of them."""
        with self.connected() as connection:
            table = self.table(connection, ask.place)
            query, order = stream(table, ask)
            found = connection.execution_options(
                stream_results=True, yield_per=PIECE
            ).execute(query)  # fmt: skip
            skip, last, ties = ask.cursor.get("ties", 0), ask.cursor.get("at"), ask.cursor.get("ties", 0)  # fmt: skip
            mark: dict[str, Any] = {}
            for part in found.partitions(PIECE):
                rows = []
                for row in part:
                    at = [kept(value) for value in row[-len(order) :]]
                    if skip and at == last:
                        skip -= 1
                        continue
                    skip, ties = 0, ties + 1 if at == last else 1
                    last = at
                    rows.append([as_text(value) for value in row[: -len(order)]])
                    if ask.watermark_column and row[-len(order)] is not None:
                        mark = larger(mark, at[0])
                yield Piece(rows, {"at": last, "ties": ties}, watermark=mark)


def shown(table: sa.Table, names: list[str]) -> list[Any]:
    """The columns to read; dates as the database writes them, for it knows days that Python does
    not (infinity, the year 0)."""
    found = []
    for name in names:
        if name not in table.c:
            raise Unusable(gettext_noop("There is no column “%(name)s” any more."), name=name[:100])
        column = table.c[name]
        kind = column.type
        plain = isinstance(kind, sa.Date) or (
            isinstance(kind, sa.DateTime) and not getattr(kind, "timezone", False)
        )
        found.append(sa.cast(column, sa.String(40)) if plain else column)
    return found


def stream(table: sa.Table, ask: Ask) -> tuple[Any, list[Any]]:
    """The query, and the columns of its order, which stand again at its end."""
    order = [
        table.c[name] for name in dict.fromkeys(filter(None, [ask.watermark_column, *ask.key]))
    ]
    order = order or list(table.primary_key.columns) or [next(iter(table.c))]
    again = [column.label(f"dangol_order_{i}") for i, column in enumerate(order)]
    tail = [column for column in table.primary_key.columns if column not in order]
    query = sa.select(*shown(table, ask.names), *again).order_by(*order, *tail)
    first = order[0]
    if ask.watermark_column and ask.watermark and not ask.full:
        query = query.where(first >= unkept(ask.watermark))
    if ask.cursor.get("at"):
        query = query.where(from_cursor(order, ask.cursor["at"]))
    return query, order


def from_cursor(order: list[Any], at: list[dict[str, Any]]) -> Any:
    """Rows at or after the cursor: the first column decides, equal ones ask the next."""
    value = unkept(at[0])
    if len(order) == 1:
        return order[0] >= value
    return sa.or_(order[0] > value, sa.and_(order[0] == value, from_cursor(order[1:], at[1:])))


class Connected:
    """A connection as a context: what breaks inside is Unreachable or Unusable."""

    def __init__(self, engine: sa.Engine, kind: str) -> None:
        self.engine, self.kind = engine, kind

    def __enter__(self) -> sa.Connection:
        try:
            with understood(self.kind):
                connection = self.engine.connect()
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(postgresql_readonly=True)
            self.connection = connection
            return connection
        except exc.DBAPIError as failure:
            raise trouble(failure) from None

    def __exit__(self, kind: Any, failure: BaseException | None, trace: Any) -> None:
        try:
            self.connection.close()
        except exc.DBAPIError as broken:
            failure = failure or broken
        if isinstance(failure, exc.DBAPIError):
            raise trouble(failure) from failure


def trouble(failure: exc.DBAPIError) -> Unreachable | Unusable:
    """Another try may help when the line broke; it does not when something is wrong."""
    said = " ".join(str(failure.orig).split())[:300]
    wrong = ("password", "authentication", "access denied", "does not exist", "unknown database",
             "permission denied", "unknown column", "doesn't exist", "no such")  # fmt: skip
    if not failure.connection_invalidated and any(word in said.lower() for word in wrong):
        return Unusable(gettext_noop("The database refuses: %(why)s"), why=said)
    return Unreachable(gettext_noop("The database does not answer: %(why)s"), why=said)
