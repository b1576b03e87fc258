"""What a run refused comes once more with the next that reads only newer rows: the customer or the
product that it names may be known by now."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop

from dangol.imports.staging import run as execute
from dangol.sources.models import RefusedRow, Run
from dangol.sources.running.arranging import used_headings

GROUP_REFUSED = gettext_noop("another row with the same key was refused")
AGAIN = gettext_noop("“%(key)s” stood in line %(line)s already")
LAND = """
INSERT INTO sources_landedrow (run_id, line, cells, problem)
SELECT %(run)s, %(rows)s + row_number() OVER (ORDER BY r.line, r.id),
    ARRAY(SELECT coalesce(r.cells ->> p.at, '')
          FROM unnest(%(places)s::int[]) WITH ORDINALITY p (at, n) ORDER BY p.n), ''
FROM sources_refusedrow r WHERE r.id = ANY(%(keys)s)
"""


def retry_refused(run: Run) -> None:
    """Add what the last run that came to its end refused; what cannot be tried again is told.

    A run that was stopped or failed has its own rows come again by itself, but not those that were
    refused before it.
    """
    if run.full or (before := last_finished(run)) is None:
        return
    again = worth_another_try(before)
    if not readable(run, before):
        count, whole = again.count(), RefusedRow.objects.none()
    else:
        whole = again.filter(whole=True).exclude(Exists(broken_groups(again)))
        count = again.count() - whole.count()
    keys = list(whole.values_list("pk", flat=True))
    places = [before.names.index(name) if name in before.names else None for name in run.names]
    facts = {"run": run.pk, "rows": run.rows, "places": places, "keys": keys}
    if keys:
        run.rows += execute(LAND, facts)
        run.note("retried", len(keys))
    if count:
        run.note("not_retried", count)


def last_finished(run: Run) -> Run | None:
    """The last run of this source that was applied to its end."""
    found = run.source.runs.filter(ended_at__isnull=False, failed_at=None, stopped_at=None)
    return found.exclude(pk=run.pk).order_by("-created_at").first()


def worth_another_try(before: Run) -> QuerySet[RefusedRow]:
    """Its refused rows, without those that stood there twice and damaged lines."""
    found = RefusedRow.objects.filter(run=before).exclude(reason=AGAIN)
    return found.exclude(~Q(reason=GROUP_REFUSED), column="")


def readable(run: Run, before: Run) -> bool:
    """Whether the rows of a run have all headings that are read now."""
    read = [name for name in used_headings(run.source.mapping) if name in run.names]
    return all(name in before.names for name in read)


def broken_groups(again: QuerySet[RefusedRow]) -> QuerySet[RefusedRow]:
    """Rows that are not whole and share a row's key: a transaction is taken with all its lines."""
    return again.filter(whole=False, key=OuterRef("key")).exclude(key="")
