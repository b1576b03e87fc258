"""Imports in the background; a job that died is run again and goes on where it stood."""

from __future__ import annotations

import uuid

from django.db import InterfaceError, OperationalError
from django.urls import reverse
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy

from dangol.core.jobs import Lane, task
from dangol.core.notices import notify
from dangol.imports import actions
from dangol.imports.models import Import
from dangol.imports.running import run_file

AGAIN = RetryStrategy(
    max_attempts=20, wait=2, linear_wait=5, retry_exceptions=[OperationalError, InterfaceError]
)


def run_and_tell(key: uuid.UUID, *, dry: bool) -> str:
    """Run an import; what stops it for good is written down and told to whoever began it."""
    try:
        run = run_file(key, dry=dry)
    except (OperationalError, InterfaceError):
        raise
    except Exception as failure:
        actions.fail_import(key, f"{type(failure).__name__}: {failure}")
        raise
    if run.by and run.state == "finished" and not dry:
        notify(
            run.by,
            lambda: (
                _("%(file)s is loaded: %(new)s new, %(changed)s changed, %(refused)s refused")
                % {"file": run.file_name, "new": run.new, "changed": run.changed,
                   "refused": run.refused}
            ),
            reverse("imports:import", args=[run.pk]),
        )  # fmt: skip
    return run.state


@task(Lane.LONG, name="imports.plan", retry=AGAIN)
def plan(key: str) -> str:
    """The dry run."""
    if Import.objects.filter(pk=key, started_at=None, running_from__isnull=False).exists():
        return run_and_tell(uuid.UUID(key), dry=True)
    return "stopped"


@task(Lane.LONG, name="imports.load", retry=AGAIN)
def load(key: str) -> str:
    """The load."""
    open_one = Import.objects.filter(pk=key, started_at__isnull=False, finished_at=None)
    if open_one.filter(cancelled_at=None, failed_at=None).exists():
        return run_and_tell(uuid.UUID(key), dry=False)
    return "stopped"


@task(Lane.LONG, name="imports.delete_old_files", queueing_lock="imports.delete_old_files")
def delete_old_files(timestamp: int = 0) -> int:
    """Every night: files older than 30 days."""
    return actions.delete_old_files()
