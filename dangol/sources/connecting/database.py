"""Any database that SQLAlchemy speaks to: read only, in one stream, in the order of the key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import sqlalchemy as sa
from django.conf import settings
from django.db import connection as ours
from django.utils.translation import gettext_noop
from sqlalchemy import exc

from dangol.sources.connecting.addresses import address_of, understood
from dangol.sources.connecting.contract import PIECE, Ask, Listing, Piece, Unusable
from dangol.sources.connecting.loading import as_written
from dangol.sources.connecting.ordering import OF_DAYS, shown, stream
from dangol.sources.connecting.patience import (
    CONNECTING,
    LOOK,
    answering,
    connect_in_time,
    limit,
    options_of,
)
from dangol.sources.connecting.troubles import NOT_HANDED_OUT, trouble
from dangol.sources.connecting.values import as_text, counts, kept, larger

DRIVERS = {"postgresql": "postgresql+psycopg", "mariadb": "mysql+pymysql"}
PORTS = {"postgresql": 5432, "mariadb": 3306}
OURS = {None, "public", "pg_catalog", "information_schema"}
"""Schemas of Dangol's own database that nobody reads as a source."""


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

    def __init__(
        self, connection: str, said: dict[str, Any], hidden: str, seconds: int = LOOK
    ) -> None:
        self.seconds = seconds
        url = address(connection, said, hidden)
        self.schema = said.get("schema") or None
        self.kind = connection
        with understood(connection):
            self.engines = {
                seconds: sa.create_engine(
                    url, connect_args=options_of(url, seconds), poolclass=sa.NullPool
                )
                for seconds in {seconds, settings.SOURCE_PATIENCE}
            }
            for engine in self.engines.values():
                connect_in_time(engine, CONNECTING)

    def close(self) -> None:
        """Leave the database."""
        for engine in self.engines.values():
            engine.dispose()

    def test(self) -> str:
        """The database's make and version."""
        with self.connected() as connection:
            version = connection.dialect.server_version_info or ()
            return f"{connection.dialect.name} {'.'.join(map(str, version[:3]))}".strip()

    def connected(self) -> Connected:
        """A connection to look around, whose troubles are told as ours."""
        return Connected(self.engines[self.seconds], self.kind, self.seconds)

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

    def places(self) -> list[Listing]:
        """Tables and views."""
        with self.connected() as connection:
            self.guard(connection)
            look = sa.inspect(connection)
            tables = sorted(look.get_table_names(self.schema))
            views = sorted(look.get_view_names(self.schema))
        return [Listing(name) for name in tables] + [Listing(name, note="view") for name in views]

    def table(self, connection: sa.Connection, place: str) -> sa.Table:
        """A table as the database describes it now."""
        self.guard(connection)
        try:
            return sa.Table(place, sa.MetaData(), schema=self.schema, autoload_with=connection)
        except exc.NoSuchTableError:
            raise Unusable(
                gettext_noop("There is no table “%(name)s”."), name=place[:100]
            ) from None
        except exc.UnreflectableTableError as failure:
            raise Unusable(NOT_HANDED_OUT, why=" ".join(str(failure).split())[:300]) from None

    def columns(self, place: str) -> list[str]:
        """The columns of a table."""
        with self.connected() as connection:
            return [column.name for column in self.table(connection, place).columns]

    def sample(self, place: str, rows: int) -> Piece:
        """Some rows."""
        with self.connected() as connection:
            table = self.table(connection, place)
            names = [column.name for column in table.c]
            found = connection.execute(sa.select(*shown(table, names)).limit(rows))
            return Piece([[as_text(value) for value in row] for row in found], {}, names=names)

    def read(self, ask: Ask) -> Iterator[Piece]:
        """One stream in the order of watermark and key; the cursor remembers the last of them."""
        seconds = settings.SOURCE_PATIENCE
        with Connected(self.engines[seconds], self.kind, seconds, once=False) as connection:
            with answering(connection, seconds):
                table = self.table(connection, ask.place)
                query, order = stream(table, ask, connection.dialect.name)
                streaming = connection.execution_options(stream_results=True, yield_per=PIECE)
                found = streaming.execute(query).partitions(PIECE)
            skip, last, ties = ask.cursor.get("ties", 0), ask.cursor.get("at"), ask.cursor.get("ties", 0)  # fmt: skip
            mark: dict[str, Any] = {}
            of_days = isinstance(order[0].type, OF_DAYS)
            for part in parts_in_time(connection, found, seconds):
                rows = []
                for row in part:
                    at = [kept(value) for value in row[-len(order) :]]
                    if skip and at == last:
                        skip -= 1
                        continue
                    skip, ties = 0, ties + 1 if at == last else 1
                    last = at
                    rows.append([as_text(value) for value in row[: -len(order)]])
                    if ask.watermark_column and counts(row[-len(order)], of_days):
                        mark = larger(mark, at[0])
                yield Piece(rows, {"at": last, "ties": ties}, watermark=mark)


def parts_in_time(connection: sa.Connection, parts: Iterator[Any], seconds: float) -> Iterator[Any]:
    """Part after part, each within the time; what we do with it meanwhile counts not."""
    while True:
        with answering(connection, seconds):
            part = next(parts, None)
        if part is None:
            return
        yield part


class Connected:
    """A connection as a context: what breaks inside is Unreachable or Unusable, and with `once` all
    of it has to be over in time."""

    def __init__(self, engine: sa.Engine, kind: str, seconds: int, once: bool = True) -> None:
        self.engine, self.kind, self.seconds, self.once = engine, kind, seconds, once
        self.watch = ExitStack()

    def __enter__(self) -> sa.Connection:
        try:
            with understood(self.kind):
                connection = self.engine.connect()
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(postgresql_readonly=True)
            self.connection = connection
            if self.once:
                self.watch.enter_context(answering(connection, self.seconds))
            limit(connection, self.seconds)
            as_written(connection)
            return connection
        except exc.DBAPIError as failure:
            raise trouble(failure) from None

    def __exit__(self, kind: Any, failure: BaseException | None, trace: Any) -> None:
        try:
            self.watch.__exit__(kind, failure, trace)
        finally:
            try:
                with answering(self.connection, LOOK):
                    self.connection.close()
            except exc.DBAPIError as broken:
                failure = failure or broken
        if isinstance(failure, exc.DBAPIError):
            raise trouble(failure) from failure
