"""Tests run on a PostgreSQL of their own; the controlling process starts and removes it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"


def pytest_configure(config) -> None:  # type: ignore[no-untyped-def]
    """Before settings are read: choose the throw-away server."""


if "PYTEST_XDIST_WORKER" not in os.environ and not os.environ.get("DANGOL_TEST_VAR"):
    folder = tempfile.mkdtemp(prefix="dangol-test-")
    os.chmod(folder, 0o755)
    os.environ.update(
        DANGOL_TEST_VAR=folder,
        DANGOL_VAR=folder,
        DANGOL_POSTGRES_CONF=FAST,
        DANGOL_EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    )


def pytest_unconfigure(config) -> None:  # type: ignore[no-untyped-def]
    """After the last test: stop the server and remove its files."""
    if "PYTEST_XDIST_WORKER" in os.environ or not os.environ.get("DANGOL_TEST_VAR"):
        return
    from dangol.config import database

    if not os.environ.get("DATABASE_URL"):
        database.stop()
    shutil.rmtree(Path(os.environ.pop("DANGOL_TEST_VAR")), ignore_errors=True)


@pytest.fixture(autouse=True)
def fresh_cache():  # type: ignore[no-untyped-def]
    """What one test kept in memory, the next does not see."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture
def world(db):  # type: ignore[no-untyped-def]
    """The named cast, see tests/world.py."""
    from tests.world import build

    return build()
