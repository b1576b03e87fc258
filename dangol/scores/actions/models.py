"""What people do to scores: have them run, promote a version, change settings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.jobs import app
from dangol.core.models import User
from dangol.customers.attributes.queries import attributes_in_use
from dangol.scores.actions.versions import crown
from dangol.scores.lack import has_grown
from dangol.scores.models import Every, ModelVersion, Run, ScoreModel
from dangol.warehouse.engine import Lake

SPANS = {
    Every.DAY: dt.timedelta(hours=23),
    Every.WEEK: dt.timedelta(days=6, hours=23),
    Every.MONTH: dt.timedelta(days=29, hours=23),
}


def locked(model: ScoreModel) -> ScoreModel:
    """The model's row, held until the end of the transaction."""
    return ScoreModel.objects.select_for_update().get(pk=model.pk)


MOST_RATE = Decimal(1_000_000)


@transaction.atomic
def ask_for_run(
    model: ScoreModel, *, learn: bool = False, by: User | None, at: dt.datetime | None = None
) -> Run:
    """Have a model run in the background; one that waits or is under way is answered instead."""
    model = locked(model)
    if open_one := Run.objects.filter(model=model, finished_at=None).first():
        return open_one
    run = Run.objects.create(model=model, learn=learn, by=by, created_at=at or timezone.now())
    if by is not None:
        record_change("scores.run_asked", model, by=by, changes={"learn": [None, learn]})
    app.configure_task("scores.run").defer(key=str(run.pk))
    return run


@transaction.atomic
def promote_version(
    version: ModelVersion, *, by: User | None, at: dt.datetime | None = None
) -> ScoreModel:
    """Make a version the champion; from the next run on it scores. Twice changes nothing."""
    model = locked(version.model)
    if model.champion_id != version.pk:
        crown(model, version, by=by, at=at or timezone.now())
        ask_for_run(model, by=by, at=at)
    return model


@transaction.atomic
def change_model(
    model: ScoreModel,
    *,
    score_every: str,
    learn_every: str,
    settings: dict[str, Any],
    by: User | None,
) -> ScoreModel:
    """Change schedule and settings; they hold from the next run on."""
    model = locked(model)
    before = {
        "score_every": model.score_every,
        "learn_every": model.learn_every,
        "settings": model.settings,
    }
    after = {"score_every": score_every, "learn_every": learn_every, "settings": checked(settings)}
    if before == after:
        return model
    for name, value in after.items():
        setattr(model, name, value)
    model.save()
    changes = {k: [before[k], v] for k, v in after.items() if before[k] != v}
    record_change("scores.model_changed", model, by=by, changes=changes)
    return model


def checked(settings: dict[str, Any]) -> dict[str, Any]:
    """Settings that make sense: rates are above zero, spans are days."""
    made = {k: v for k, v in settings.items() if v not in ("", None, {}, [])}
    for currency, rate in made.get("rates", {}).items():
        try:
            fine = 1 / MOST_RATE <= Decimal(str(rate)) <= MOST_RATE
        except InvalidOperation:
            fine = False
        if not fine or len(currency) != 3 or not currency.isalpha() or not currency.isupper():
            raise ValidationError(
                _(
                    "A rate is a currency of three letters and a number from a millionth to a million."
                )
            )
    check_attributes(made)
    for name in ("days", "horizon"):
        if name in made and not 7 <= int(made[name]) <= 3650:
            raise ValidationError(_("A span lies between 7 and 3,650 days."))
    return made


def check_attributes(settings: dict[str, Any]) -> None:
    """Who left is a yes/no attribute; what is learned from are attributes that there are."""
    kinds = {a.key: a.kind for a in attributes_in_use()} if {"left_by", "attributes"} & set(settings) else {}  # fmt: skip
    if "left_by" in settings and kinds.get(settings["left_by"]) != "yes_no":
        raise ValidationError(_("Who left is an own attribute of yes and no."))
    asked = settings.get("attributes", [])
    others = set(kinds) if not asked or asked is True else set(asked)
    if "left_by" in settings and not others - {settings["left_by"]}:
        raise ValidationError(_(
            "There is nothing to learn from beside the attribute that says who left: add another own"
            " attribute, or tick another one."
        ))  # fmt: skip
    if asked is not True and not (isinstance(asked, list) and set(asked) <= set(kinds)):
        raise ValidationError(_("There are no such attributes."))


def start_due_runs(at: dt.datetime) -> int:
    """Ask for every run that the schedule wants now; how many."""
    started = 0
    for model in ScoreModel.objects.all():
        learn = due(model, model.learn_every, at, learned=True)
        if learn or due(model, model.score_every, at, learned=False):
            ask_for_run(model, learn=learn, by=None, at=at)
            started += 1
    return started


def start_first_runs(seen: Lake, at: dt.datetime) -> int:
    """Ask for runs that found too little, or that never were, where there is clearly more by now;
    how many.

    A score that runs only by hand waits for a hand.
    """
    latest = {
        run.model_id: run
        for run in Run.objects.order_by("model_id", "-created_at").distinct("model_id")
    }
    started = 0
    for model in ScoreModel.objects.all():
        run = latest.get(model.pk)
        lacking = run is None or run.state == "lacking"
        rows = run.summary.get("rows", 0) if run else 0
        if lacking and (model.score_every or model.learn_every) and has_grown(seen, rows):
            ask_for_run(model, learn=bool(run and run.learn), by=None, at=at)
            started += 1
    return started


def due(model: ScoreModel, every: str, at: dt.datetime, *, learned: bool) -> bool:
    """Whether the last run of this kind lies further back than its span; never asked twice an hour."""
    if not every:
        return False
    runs = Run.objects.filter(model=model)
    if learned:
        runs = runs.filter(learned_at__isnull=False) | runs.filter(learn=True)
    last = runs.order_by("-created_at").values_list("created_at", flat=True).first()
    return last is None or at - last >= SPANS[Every(every)] or last > at + SPANS[Every(every)]
