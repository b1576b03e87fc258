"""The night's work in its order; each step is whole by itself and safe to begin again."""

from __future__ import annotations

from django.utils import timezone

from dangol.core.alone import alone
from dangol.quality.decay.applying import tell_chances
from dangol.quality.decay.learning import learn_decay
from dangol.quality.looking import STEPS, WORK
from dangol.quality.measures.keeping import measure_records
from dangol.quality.models import Look
from dangol.quality.queries import policy_in_use
from dangol.quality.tasks.ending import end_settled_tasks
from dangol.quality.tasks.making import make_tasks
from dangol.quality.tried.cost import measure_verification_time
from dangol.quality.tried.counting import count_checks


def look(key: str = "") -> str:
    """Everything that is made anew once a day, or as somebody asked; Busy while another one works."""
    with alone(WORK):
        found = Look.objects.filter(pk=key).first() if key else None
        found = found or Look.objects.create()
        lost = Look.objects.filter(begun_at__isnull=False, ended_at=None).exclude(pk=found.pk)
        lost.update(ended_at=timezone.now(), failure="lost")
        found.begun_at = timezone.now()
        try:
            told = _look(found)
        except Exception as failure:
            found.failure = f"{type(failure).__name__}: {failure}"[:500].replace("\x00", "")
            raise
        finally:
            found.ended_at = timezone.now()
            found.save()
    return told


def _look(found: Look) -> str:
    """The steps, each told before it begins."""
    at, today = timezone.now(), timezone.localdate()

    def step(name: str) -> None:
        found.step, found.done = name, list(STEPS).index(name)
        found.save()

    step("checks")
    months = count_checks()
    step("time")
    measure_verification_time(today)
    step("decay")
    model = learn_decay()
    step("chances")
    written = tell_chances(model, at, today)
    step("records")
    policy = policy_in_use()
    records = measure_records(policy, today)
    step("tasks")
    ended = end_settled_tasks(policy, at)
    tasks = make_tasks(policy, at)
    found.done = len(STEPS)
    return f"{months} months, {written} chances, {records} records, {tasks} tasks, {ended} ended"
