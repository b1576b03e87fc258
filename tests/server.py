"""The tests' own PostgreSQL, thrown away afterwards.

A plugin named in pyproject.toml (`-p tests.server`), so that it speaks before Django's settings
are read; the controlling process starts and removes the server, workers share it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

FAST = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
MINE = "DANGOL_TEST_VAR"

if "PYTEST_XDIST_WORKER" not in os.environ and MINE not in os.environ:
    folder = tempfile.mkdtemp(prefix="dangol-test-")
    os.chmod(folder, 0o755)
    os.environ.update(
        {
            MINE: folder,
            "DANGOL_VAR": folder,
            "DANGOL_POSTGRES_CONF": FAST,
            "DANGOL_EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
        }
    )


def pytest_unconfigure(config: Any) -> None:
    """After the last test: stop the server and remove its files."""
    if "PYTEST_XDIST_WORKER" in os.environ or MINE not in os.environ:
        return
    from dangol.config import database

    if not os.environ.get("DATABASE_URL"):
        database.stop()
    shutil.rmtree(Path(os.environ.pop(MINE)), ignore_errors=True)
