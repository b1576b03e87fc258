"""An inbox of the test's own, and real databases of others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection


@pytest.fixture(autouse=True)
def inbox(settings, tmp_path, own_folders):  # type: ignore[no-untyped-def]
    """The folder of files that come in."""
    settings.VAR = tmp_path
    settings.INBOX.mkdir()
    return settings.INBOX


@pytest.fixture
def postgres_reach(db) -> Iterator[dict[str, Any]]:  # type: ignore[no-untyped-def]
    """A database of its own on the tests' server, with a table of people."""
    own = connection.get_connection_params()
    name = f"others_{own['dbname'][-20:]}"
    server = {"host": own["host"], "user": own["user"]}
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        admin.execute(f'CREATE DATABASE "{name}"')
        yield {"socket": own["host"], "user": own["user"], "database": name}
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
