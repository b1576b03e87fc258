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
from django.utils.translation import gettext_noop

from dangol.core.models import User
from dangol.core.notices import notify
from dangol.core.roles import ABILITIES
from dangol.sources.connecting import NotYet, Unreachable
from dangol.sources.models import LandedRow, Run

SOON = dt.timedelta(minutes=1)
PATIENCE = 30
"""So often a run looks for a whole file, minute by minute, before it fails and people are told."""
NEVER_WHOLE = gettext_noop(
    "“%(name)s” was looked at %(tries)s times and was still being written. Let it be written under"
    " another name, and renamed once it is whole."
)


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
    run.token, run.cursor = None, {}
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
def wait_run(key: uuid.UUID, refusal: NotYet) -> Run:
    """A file is not whole yet: nothing is applied, and the same run begins anew in a minute."""
    run = Run.objects.select_for_update(of=("self",)).select_related("source").get(pk=key)
    if run.ended_at:
        return run
    name = refusal.facts.get("name", "")[:100]
    waited = run.strange.get("half_written", {"count": 0, "samples": []})
    run.strange = {"half_written": {"count": waited["count"] + 1, "samples": [[0, "", name]]}}
    if waited["count"] + 1 >= PATIENCE:
        run.save(update_fields=["strange"])
        return fail_run(key, NEVER_WHOLE, {"name": name, "tries": PATIENCE})
    run.token, run.names, run.cursor, run.rows = None, [], {}, 0
    run.filled, run.files, run.watermark = {}, [], {}
    run.asked, run.asked_at, run.allowed_at, run.allowed_by = {}, None, None, None
    run.save()
    LandedRow.objects.filter(run_id=run.pk).delete()
    soon = timezone.now() + SOON
    source = run.source
    source.next_at = min(source.next_at or soon, soon)
    source.save(update_fields=["next_at"])
    return run


@transaction.atomic
def note_trouble(key: uuid.UUID, failure: Unreachable) -> None:
    """The line broke: what was read stays, and the run goes on from there."""
    run = Run.objects.select_for_update().get(pk=key)
    run.note("connection_lost", 1, [run.rows, "", str(failure)[:100]])
    run.save(update_fields=["strange"])


def tell_that_it_asks(run: Run) -> None:
    """Something is suspicious: somebody has to look."""
    tell(run, lambda: _("%(source)s: the run waits, because something looks wrong. Nothing was applied.") % {"source": run.source.name})  # fmt: skip
