"""Where the data live: a server of yours (DATABASE_URL), or the embedded PostgreSQL."""

from __future__ import annotations

import os
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
    """Whether reading the settings will start the embedded server."""
    return not os.environ.get("DATABASE_URL") and not postgres.running(data_folder())


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
