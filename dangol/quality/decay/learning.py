"""Learning the decay model from the checks, with its test; kept as a row of its own."""

from __future__ import annotations

from django.db import transaction

from dangol.quality.decay.begun import usual_ages
from dangol.quality.decay.hazard import learn
from dangol.quality.decay.observations import observations
from dangol.quality.decay.testing import back_test, survival
from dangol.quality.models import DecayModel


@transaction.atomic
def learn_decay() -> DecayModel:
    """Learn from every check that there is; with none, the published rates."""
    ages = usual_ages()
    seen = observations(ages)
    fit = learn(seen)
    return DecayModel.objects.create(
        parameters=fit.told(),
        checks=int(seen.tried.sum()),
        wrong=int(seen.wrong.sum()),
        first_day=seen.first_day,
        last_day=seen.last_day,
        report={
            "test": back_test(seen),
            "survival": survival(fit, seen),
            "usual_ages": ages,
            "usual": fit.usual(seen),
        },
    )
