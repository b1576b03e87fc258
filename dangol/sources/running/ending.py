"""The end of a run: what is gone, what many share, and up to where the source is known."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from dangol.core.events import publish
from dangol.customers.events import RecordsChanged
from dangol.imports.staging import rows_of
from dangol.imports.staging import run as execute
from dangol.sources.connecting.values import larger
from dangol.sources.entities import of_customers
from dangol.sources.events import SourceRead
from dangol.sources.models import KnownRow, LandedRow, Run, TakenFile
from dangol.sources.running.holding import hold
from dangol.sources.running.reading import only_known_files
from dangol.sources.running.retrying import last_finished
from dangol.sources.running.vanishing import come_back, vanish

SHARED = 20
"""From so many records on, a telephone is a company's and nobody's own."""
GONE = """
UPDATE sources_knownrow SET gone_at = %(now)s
WHERE source_id = %(source)s AND gone_at IS NULL AND seen_in <> %(run)s
"""
SHARED_PHONES = """
SELECT values ->> 'phone', count(*) FROM customers_sourcerecord
WHERE source = %(system)s AND gone_at IS NULL AND values ? 'phone'
GROUP BY 1 HAVING count(*) >= %(most)s ORDER BY 2 DESC LIMIT 20
"""


@transaction.atomic
def finish(key: uuid.UUID, token: dt.datetime | None) -> Run:
    """Close the run: deletions, files, watermark."""
    run = hold(key, token)
    now = timezone.now()
    if run.full and not only_known_files(run):
        mark_gone(run, now)
    come_back(run, now)
    if of_customers(run.source.entity) and (run.new or run.changed) and (run.full or is_first(run)):
        note_shared_phones(run)
    for file in run.files:
        TakenFile.objects.update_or_create(
            source=run.source, digest=file["digest"],
            defaults={"name": file["name"], "run": run, "at": now},
        )  # fmt: skip
    source = run.source
    if run.watermark_column == source.watermark_column:
        source.watermark = larger(source.watermark, run.watermark)
    source.columns = run.names
    source.save(update_fields=["watermark", "columns"])
    run.ended_at, run.cursor = now, {}  # it holds the last key that was read
    run.save()
    LandedRow.objects.filter(run_id=run.pk).delete()
    publish(
        SourceRead(
            subject_id=source.pk, run_id=str(run.pk), code=source.code, entity=source.entity,
            new=run.new, changed=run.changed, gone=run.gone, refused=run.refused,
        ),
        by=run.by,
    )  # fmt: skip
    return run


def mark_gone(run: Run, now: dt.datetime) -> None:
    """Rows that the source no longer has; ours stay, marked. Refused rows are still there.

    While a damaged line does not say whose it is, nobody can be told gone: it may be anybody who is
    missing. Only what somebody saw under a question, and allowed, is marked then.
    """
    facts = {"now": now, "source": run.source_id, "run": run.pk}
    known = KnownRow.objects.filter(source_id=run.source_id)
    still = run.refused_rows.exclude(key="").values("key")
    known.filter(key__in=still).update(seen_in=run.pk)
    if has_nameless_lines(run) and not was_allowed_as_read(run):
        if missing := known.filter(gone_at=None).exclude(seen_in=run.pk).count():
            run.note("not_gone", missing)
        return
    run.gone = execute(GONE, facts)
    if run.gone and vanish(run, now) and of_customers(run.source.entity):
        publish(RecordsChanged(subject_id=run.pk, source=run.source.system), by=run.by)


def has_nameless_lines(run: Run) -> bool:
    """Whether a damaged line came of which nobody knows whose it is."""
    return LandedRow.objects.filter(run_id=run.pk, key="").exclude(problem="").exists()


def was_allowed_as_read(run: Run) -> bool:
    """Whether somebody saw which rows are missing, and let the run go on."""
    return run.allowed_at is not None and run.asked.get("why") != "column_gone"


def is_first(run: Run) -> bool:
    """Whether nothing was read of this source before."""
    return last_finished(run) is None


def note_shared_phones(run: Run) -> None:
    """Telephones under which very many are known. All records of the system are counted, so that only
    runs that read everything do it."""
    shared = rows_of(SHARED_PHONES, {"system": run.source.system, "most": SHARED})
    for phone, count in shared:
        run.note("shared_phone", count, [0, "phone", f"{phone} × {count}"])
