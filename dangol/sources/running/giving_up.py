"""A run that cannot go on: why is written down, and those who care are told."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.models import User
from dangol.core.notices import notify
from dangol.core.roles import ABILITIES
from dangol.sources.connecting import NotYet, Unreachable
from dangol.sources.models import LandedRow, Run

SOON = dt.timedelta(minutes=1)


def stewards() -> list[User]:
    """Who is told when a source needs somebody."""
    found = User.objects.filter(
        grants__role__in=ABILITIES["sources.run"], grants__revoked_at=None, is_active=True
    )
    return list(found.distinct())


def failure_text(run: Run) -> str:
    """Why a run failed, in the language of whoever reads."""
    if not run.failure.startswith("{"):
        return run.failure
    said = json.loads(run.failure)
    return _(said["reason"]) % said["facts"] if said["facts"] else _(said["reason"])


@transaction.atomic
def fail_run(key: uuid.UUID, reason: str, facts: dict[str, Any] | None = None) -> Run:
    """End a run without success; of what was read, nothing more is applied."""
    run = Run.objects.select_for_update(of=("self",)).select_related("source").get(pk=key)
    if run.ended_at:
        return run
    run.failure = json.dumps({"reason": reason, "facts": facts or {}}, ensure_ascii=False, default=str)  # fmt: skip
    run.failed_at = run.ended_at = timezone.now()
    run.token = None
    run.save()
    LandedRow.objects.filter(run_id=run.pk).delete()
    tell(run, lambda: _("%(source)s: the run failed. %(why)s") % {"source": run.source.name, "why": failure_text(run)})  # fmt: skip
    return run


def tell(run: Run, words: Any) -> None:
    """A notice to everybody who may run sources."""
    url = reverse("sources:run", args=[run.source_id, run.pk])
    for user in stewards():
        notify(user, words, url)


@transaction.atomic
def wait_run(key: uuid.UUID, refusal: NotYet) -> None:
    """A file is not whole yet: this run ends with nothing applied, the next comes soon."""
    run = Run.objects.select_for_update(of=("self",)).select_related("source").get(pk=key)
    run.note("half_written", 1, [0, "", refusal.facts.get("name", "")[:100]])
    run.stopped_at = run.ended_at = timezone.now()
    run.token = None
    run.save()
    LandedRow.objects.filter(run_id=run.pk).delete()
    source = run.source
    if source.schedule:
        source.next_at = min(source.next_at or run.ended_at + SOON, run.ended_at + SOON)
        source.save(update_fields=["next_at"])


@transaction.atomic
def note_trouble(key: uuid.UUID, failure: Unreachable) -> None:
    """The line broke: what was read stays, and the run goes on from there."""
    run = Run.objects.select_for_update().get(pk=key)
    run.note("connection_lost", 1, [run.rows, "", str(failure)[:100]])
    run.save(update_fields=["strange"])


def tell_that_it_asks(run: Run) -> None:
    """Something is suspicious: somebody has to look."""
    tell(run, lambda: _("%(source)s: the run waits, because something looks wrong. Nothing was applied.") % {"source": run.source.name})  # fmt: skip
