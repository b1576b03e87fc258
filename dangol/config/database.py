"""Where the data live: a server of yours (DATABASE_URL), or the embedded PostgreSQL."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from dangol.config import postgres

CHECKOUT = Path(__file__).resolve().parents[2]


def var_folder() -> Path:
    """Where everything made at run time lies: DANGOL_VAR, or var in the checkout or here."""
    default = CHECKOUT / "var" if (CHECKOUT / "Makefile").exists() else Path("var")
    folder = Path(os.environ.get("DANGOL_VAR", default)).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def data_folder() -> Path:
    """The embedded server's data."""
    return Path(os.environ.get("DANGOL_POSTGRES", var_folder() / "postgres"))


def will_start() -> bool:
    """Whether the embedded server is the one to use and does not run."""
    return not os.environ.get("DATABASE_URL") and not postgres.running(data_folder())


@contextmanager
def in_use() -> Iterator[None]:
    """While a command works: the embedded server is stopped by the last that used it.

    Each holds a shared lock, which the system takes back from a process that is killed.
    """
    if os.environ.get("DATABASE_URL"):
        yield
        return
    with (var_folder() / "postgres.users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield
        finally:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else works with it
            else:
                stop()


def stop() -> None:
    """Stop the embedded server."""
    postgres.stop(data_folder())


def url() -> str:
    """The connection address; starts the embedded server if that is the one to use."""
    return os.environ.get("DATABASE_URL") or postgres.start(
        data_folder(), extra=os.environ.get("DANGOL_POSTGRES_CONF", "")
    )


def settings() -> dict[str, Any]:
    """Django's database settings."""
    parts = urlsplit(url())
    query = dict(parse_qsl(parts.query))
    timeouts = {
        "statement_timeout": os.environ.get("DANGOL_STATEMENT_TIMEOUT", "0"),
        "lock_timeout": os.environ.get("DANGOL_LOCK_TIMEOUT", "0"),
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or "") or query.pop("user", ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or query.pop("port", "") or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": " ".join(f"-c {name}={value}" for name, value in timeouts.items()),
            **query,
        },
        "TEST": {"TEMPLATE": "template0"},
    }
