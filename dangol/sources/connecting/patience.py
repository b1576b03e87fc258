"""How long a database may keep silent: by each driver's own means, and by a watch over the line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

import sqlalchemy as sa
from django.utils.translation import gettext_noop
from sqlalchemy import exc

from dangol.sources.connecting.contract import Unreachable
from dangol.sources.connecting.deadline import Cut

CONNECTING = 10
"""Seconds until nobody answers."""
LOOK = 30
"""Seconds for what somebody waits for at a page: is it there, which tables, ten rows."""
GRACE = 5.0
"""Seconds that a server's own limit has before the line is cut from here."""
SILENT = gettext_noop(
    "The database gave no answer for %(seconds)s seconds. See whether somebody there locks the table,"
    " and whether the columns of key and watermark have an index; the operator can allow more time"
    " (DANGOL_SOURCE_PATIENCE)."
)
LOCK = 60
"""Seconds that a run waits for a table that somebody locks; then it says so."""
LOCKED = gettext_noop(
    "Somebody there has locked the table for more than %(seconds)s seconds. Look in that database who"
    " holds the lock, end it or let it end, then run again."
)
LOCKS = ("lock timeout", "lock wait timeout")
TIMED_OUT = ("statement timeout", "timed out", "timeout expired", "call timeout", "dpy-4024")


def options_of(url: sa.URL, seconds: int) -> dict[str, Any]:
    """What the driver of an address is told when it connects; a driver that takes nothing of the
    kind is told nothing."""
    reading = {"read_timeout": seconds, "write_timeout": seconds}
    alive = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    match url.get_backend_name(), url.get_driver_name():
        case "postgresql", "psycopg" | "psycopg2":
            return {"connect_timeout": CONNECTING, **alive}
        case "postgresql", "pg8000":
            return {"timeout": seconds}
        case "postgresql", _:
            return {"connect_timeout": CONNECTING}
        case "mysql" | "mariadb", "pymysql" | "mysqldb" | "mariadbconnector":
            return {"connect_timeout": CONNECTING, **reading}
        case "mysql" | "mariadb", _:
            return {"connect_timeout": CONNECTING}
        case "mssql", "pymssql":
            return {"login_timeout": CONNECTING, "timeout": seconds}
        case "mssql", "pyodbc":
            return {"timeout": CONNECTING}
        case "oracle", "oracledb":
            return {"tcp_connect_timeout": CONNECTING}
    return {}


def limit(connection: sa.Connection, seconds: int) -> None:
    """What is said once connected: to the server where it keeps such a limit, else to the driver."""
    driver = connection.connection.driver_connection
    match connection.dialect.name, connection.dialect.driver:
        case "postgresql", _:  # within this transaction: a pooler between may hand the session on
            connection.execute(sa.text(f"SET LOCAL statement_timeout = {seconds * 1000}"))
            if seconds > LOCK:
                connection.execute(sa.text(f"SET LOCAL lock_timeout = {LOCK * 1000}"))
        case "mysql" | "mariadb", _ if seconds > LOCK:
            connection.execute(sa.text(f"SET SESSION lock_wait_timeout = {LOCK}, SESSION innodb_lock_wait_timeout = {LOCK}"))  # fmt: skip
        case "oracle", "oracledb":
            driver.call_timeout = seconds * 1000  # type: ignore[union-attr]
        case "mssql", "pyodbc":
            driver.timeout = seconds  # type: ignore[union-attr]


@contextmanager
def answering(connection: sa.Connection, seconds: float) -> Iterator[None]:
    """Cut the line when no answer comes: libpq itself would wait for a server that hangs for ever."""
    line = line_of(connection)
    with Cut(seconds + GRACE) if line is not None else nullcontext() as cut:
        if cut is not None and line is not None:
            cut.hold(line)
        try:
            yield
        except exc.DBAPIError as failure:
            if any(word in str(failure.orig).lower() for word in LOCKS):
                raise Unreachable(LOCKED, seconds=LOCK) from failure
            if (cut is not None and cut.over.is_set()) or timed_out(failure):
                raise Unreachable(SILENT, seconds=round(seconds)) from failure
            raise


def connect_in_time(engine: sa.Engine, seconds: float) -> None:
    """Where a driver's limit counts anew with every byte of the greeting (PyMySQL): all of it in time."""
    if engine.driver != "pymysql":
        return

    @sa.event.listens_for(engine, "do_connect")
    def connect(dialect: Any, _record: Any, said: Any, named: dict[str, Any]) -> Any:
        made = dialect.loaded_dbapi.connect(*said, **named, defer_connect=True)
        with Cut(seconds) as cut:
            cut.follow(lambda: made._sock)
            made.connect()
        return made


def timed_out(failure: exc.DBAPIError) -> bool:
    """Whether a driver or server says that its time was over."""
    return any(word in str(failure.orig).lower() for word in TIMED_OUT)


def line_of(connection: sa.Connection) -> int | None:
    """The number of the line of a driver that hangs on it without a limit of its own over all."""
    if connection.closed or connection.invalidated:
        return None
    driver: Any = connection.connection.driver_connection
    match connection.dialect.driver:
        case "psycopg" | "psycopg2" if not driver.closed:
            return int(driver.fileno())
        case "pymysql" if driver._sock is not None:
            return int(driver._sock.fileno())
    return None
