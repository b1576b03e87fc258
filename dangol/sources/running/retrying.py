"""What a run refused comes once more with the next that reads only newer rows: the customer or the
product that it names may be known by now."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_noop

from dangol.imports.staging import rows_of
from dangol.imports.staging import run as execute
from dangol.sources.models import RefusedRow, Run
from dangol.sources.running.arranging import used_headings
from dangol.sources.running.keys import Keys

GROUP_REFUSED = gettext_noop("another row with the same key was refused")
AGAIN = gettext_noop("“%(key)s” stood in line %(line)s already")
LAND = """
INSERT INTO sources_landedrow (run_id, line, cells, problem, key, file, file_line)
SELECT %(run)s, %(rows)s + row_number() OVER (ORDER BY r.line, r.id),
    ARRAY(SELECT coalesce(r.cells ->> p.at, '')
          FROM unnest(%(places)s::int[]) WITH ORDINALITY p (at, n) ORDER BY p.n), '', k.key,
    r.file, r.file_line
FROM unnest(%(rows_again)s::bigint[], %(keys)s::text[]) k (id, key)
JOIN sources_refusedrow r ON r.id = k.id
"""
CAME = """
SELECT DISTINCT key FROM sources_landedrow WHERE run_id = %(run)s AND key = ANY(%(keys)s) AND key <> ''
"""
DAMAGED = Q(column="") & ~Q(reason=GROUP_REFUSED)
"""Lines that could not be read as rows."""


def retry_refused(run: Run) -> None:
    """Add what the last run that came to its end refused; what cannot be tried again is told.

    A run that was stopped or failed has its own rows come again by itself, but not those that were
    refused before it. A key that this run read itself is left out: what the source says now counts.
    """
    if run.full or (before := last_finished(run)) is None:
        return
    again = worth_another_try(before)
    if not readable(run, before):
        count, whole = again.count(), RefusedRow.objects.none()
    else:
        whole = again.filter(whole=True).exclude(Exists(broken_groups(before)))
        count = again.count() - whole.count()
    keys = without_those_that_came(run, keys_of(run, before, whole))
    places = [before.names.index(name) if name in before.names else None for name in run.names]
    if keys:
        facts = {"run": run.pk, "rows": run.rows, "places": places}
        run.rows += execute(LAND, facts | {"rows_again": list(keys), "keys": list(keys.values())})
        run.note("retried", len(keys))
    if count:
        run.note("not_retried", count)


def last_finished(run: Run) -> Run | None:
    """The last run of this source that was applied to its end."""
    found = run.source.runs.filter(ended_at__isnull=False, failed_at=None, stopped_at=None)
    return found.exclude(pk=run.pk).order_by("-created_at").first()


def worth_another_try(before: Run) -> QuerySet[RefusedRow]:
    """Its refused rows, without those that stood there twice and damaged lines."""
    return RefusedRow.objects.filter(run=before).exclude(reason=AGAIN).exclude(DAMAGED)


def keys_of(run: Run, before: Run, whole: QuerySet[RefusedRow]) -> dict[int, str]:
    """The key of each refused row, as the source's rows are matched now."""
    reader = Keys(run.source.entity, run.source.mapping, before.names)
    rows = whole.values_list("pk", "cells").iterator(chunk_size=2_000)
    return {pk: reader.of_row(cells) for pk, cells in rows}


def without_those_that_came(run: Run, keys: dict[int, str]) -> dict[int, str]:
    """The refused rows whose key did not come with this run."""
    facts = {"run": run.pk, "keys": list(set(keys.values()))}
    came = {key for (key,) in rows_of(CAME, facts)} if keys else set()
    return {pk: key for pk, key in keys.items() if key not in came}


def readable(run: Run, before: Run) -> bool:
    """Whether the rows of a run have all headings that are read now."""
    read = [name for name in used_headings(run.source.mapping) if name in run.names]
    return all(name in before.names for name in read)


def broken_groups(before: Run) -> QuerySet[RefusedRow]:
    """Rows that are damaged or not whole and share a row's key: a transaction is taken with all its
    lines."""
    found = RefusedRow.objects.filter(run=before, key=OuterRef("key")).exclude(key="")
    return found.filter(DAMAGED | Q(whole=False)).exclude(reason=AGAIN)
