"""The night's work in its order; each step is whole by itself and safe to begin again."""

from __future__ import annotations

from django.utils import timezone

from dangol.core.alone import alone
from dangol.quality.decay.applying import tell_chances
from dangol.quality.decay.learning import learn_decay
from dangol.quality.measures.keeping import measure_records
from dangol.quality.queries import policy_in_use
from dangol.quality.tasks.making import make_tasks
from dangol.quality.tried.cost import measure_verification_time
from dangol.quality.tried.counting import count_checks


def look() -> str:
    """Everything that is made anew once a day."""
    with alone("quality"):
        at, today = timezone.now(), timezone.localdate()
        months = count_checks()
        measure_verification_time(today)
        written = tell_chances(learn_decay(), at, today)
        policy = policy_in_use()
        records = measure_records(policy, today)
        tasks = make_tasks(policy, at)
    return f"{months} months, {written} chances, {records} records, {tasks} tasks"
