"""A run that failed: those who may have scores run are told, and it is begun again."""

from __future__ import annotations

import datetime as dt
from itertools import takewhile

from django.urls import reverse
from django.utils.translation import gettext as _

from dangol.core.models import User
from dangol.core.notices import notify
from dangol.core.roles import ABILITIES
from dangol.scores.actions.models import ask_for_run
from dangol.scores.models import Run, ScoreModel

SOON, LATE = dt.timedelta(minutes=5), dt.timedelta(days=1)
LOOKED_AT = 12


def failed_in_a_row(model: ScoreModel) -> list[Run]:
    """The runs that failed since the last one that did not, the latest first."""
    runs = Run.objects.filter(model=model).order_by("-created_at")[:LOOKED_AT]
    return list(takewhile(lambda run: run.state == "failed", runs))


def start_failed_runs(at: dt.datetime) -> int:
    """Ask again for runs that failed, each time after twice as long, at most a day; how many.

    A score that runs only by hand waits for a hand.
    """
    started = 0
    for model in ScoreModel.objects.all():
        if not (model.score_every or model.learn_every) or not (failed := failed_in_a_row(model)):
            continue
        last = failed[0]
        if last.finished_at and at - last.finished_at >= min(SOON * 2 ** (len(failed) - 1), LATE):
            ask_for_run(model, learn=last.learn and last.learned_at is None, by=None, at=at)
            started += 1
    return started


def tell_of_failure(run: Run) -> None:
    """A notice to everybody who may have scores run; of the first failure in a row alone."""
    if len(failed_in_a_row(run.model)) > 1:
        return
    url = reverse("scores:model", args=[run.model.key]) + "?view=versions"
    told = {"grants__role__in": ABILITIES["scores.run"], "grants__revoked_at": None}
    for user in User.objects.filter(is_active=True, **told).distinct():
        notify(user, lambda: _("%(score)s: the run failed. %(why)s") % {"score": run.model, "why": run.failure}, url)  # fmt: skip
