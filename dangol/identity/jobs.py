"""Jobs of the matching."""

from __future__ import annotations

from procrastinate import RetryStrategy

from dangol.core.alone import Busy
from dangol.core.jobs import Lane, task
from dangol.core.models import User
from dangol.identity.actions import JOB, run_full, run_new
from dangol.identity.audits import counting
from dangol.identity.audits.costs import count_costs
from dangol.identity.audits.drawing import draw_audit
from dangol.identity.merging.narrowing import NARROWING, narrow_consent

LATER = RetryStrategy(max_attempts=720, wait=5, retry_exceptions=[Busy])
"""Another run is ended within an hour."""


@task(Lane.STEADY, name="identity.match_new", queueing_lock="identity.match_new", lock=None)
def match_new(timestamp: int = 0) -> str:
    """Every few seconds and whenever a source said something: records that wait find their customer.
    One beside another ends at once or matches beside a comparison; none waits for a dead worker."""
    counts = run_new()
    return f"{counts['records']} records"


@task(Lane.STEADY, name=JOB, queueing_lock=JOB, retry=LATER)
def match_all(timestamp: int = 0, key: str = "") -> str:
    """Every night, or as somebody asked: all records against all. New records of a source that is
    compared whole wait for it, so that it waits for no long job."""
    run = run_full(key=key)
    return f"{run.counts.get('records', 0)} records read"


@task(Lane.LONG, name="identity.check_quality", queueing_lock="identity.check_quality")
def check_quality(timestamp: int = 0) -> str:
    """Every Monday: a sample of automatic decisions, and what finding candidates costs."""
    drawn = draw_audit()
    return f"{len(count_costs())} ways counted, {'drawn' if drawn else 'nothing drawn'}"


@task(Lane.LONG, name=counting.FIGURES, queueing_lock=counting.FIGURES)
def count_figures() -> str:
    """After runs and deeds: what pages show of all records."""
    return ", ".join(counting.count_figures())


@task(Lane.LONG, name=counting.COSTS, queueing_lock=counting.COSTS)
def count_costs_now() -> str:
    """As somebody asked: what finding candidates costs."""
    return f"{len(count_costs())} ways counted"


@task(Lane.LONG, name=counting.SAMPLE, queueing_lock=counting.SAMPLE)
def draw_sample(by: str = "") -> str:
    """As somebody asked: this week's sample."""
    drawn = draw_audit(by=User.objects.filter(pk=by).first() if by else None)
    return "drawn" if drawn else "nothing drawn"


@task(Lane.LONG, name=NARROWING, pass_context=False, retry=RetryStrategy(max_attempts=5, wait=60))
def narrow_consents(key: str, by: str = "") -> str:
    """After an attribute became a consent: no merge of before leaves a yes that both had not given."""
    told = narrow_consent(key, by=User.objects.filter(pk=by).first() if by else None)
    return f"{told} customers to be asked again"
