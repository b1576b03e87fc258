"""Writes over imports: upload, how to read, what means what, dry run, load, cancel."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.jobs import app
from dangol.core.models import User
from dangol.imports import file_kinds, reading, workbook
from dangol.imports import mapping as mappings
from dangol.imports.kinds import KINDS, heading_of
from dangol.imports.models import Import, SeenKey
from dangol.imports.reserved import refuse_reserved
from dangol.imports.running import text_file

LARGEST = 2 * 2**30
SAMPLE = 200
"""Rows that are looked at to see whether a heading means what it seems to."""
KEPT = dt.timedelta(days=30)


def upload_import(*, kind: str, source: str, file: File[Any], by: User | None) -> Import:
    """Take a file in, find out how it is read and what its columns mean; nothing is loaded yet."""
    if kind not in KINDS:
        raise ValidationError({"kind": _("There is no such kind of rows.")})
    source = mappings.plain(source)[:40]
    if not source:
        raise ValidationError({"source": _("Say where the file comes from.")})
    refuse_reserved(source)
    if file.size > LARGEST:
        raise ValidationError({"file": _("The file is larger than 2 GB; cut it up.")})
    if file.size == 0:
        raise ValidationError({"file": _("The file is empty.")})
    run = Import(kind=kind, source=source, by=by, size=file.size, language=get_language() or "ko")
    run.file_name = mappings.plain(Path(file.name or "file.csv").name)[:200] or "file.csv"
    run.file.save(run.file_name, file, save=False)
    try:
        read_anew(run)
    except ValidationError:
        forget_files(run)
        raise
    with transaction.atomic():
        run.save(force_insert=True)
        record_change("upload_import", run, by=by, changes={"file": [None, run.file_name]})
    return run


def take_import(
    *, kind: str, source: str, file: File[Any], by: User | None, mapping: dict[str, Any],
    everything: bool = False, dry: bool = False,
) -> Import:  # fmt: skip
    """Upload, map and begin in one go: of what is refused neither file nor mapping is kept."""
    run: Import | None = None
    try:
        with transaction.atomic():
            run = upload_import(kind=kind, source=source, file=file, by=by)
            if mapping or everything:
                asked = run.mapping | mappings.cleaned(mapping)
                set_mapping(run, with_own_columns(run, asked, everything=everything), by=by)
            return (plan_import if dry else start_import)(run, by=by)
    except BaseException:
        if run is not None:
            forget_files(run)
        raise


def read_anew(run: Import, sheet: str = "") -> None:
    """Find out a file's layout (of one sheet), then how its columns are mapped."""
    path = Path(run.file.path)
    try:
        if path.suffix == ".xlsx":
            refuse_other(run, file_kinds.other_than_workbook(path))
            sheets = workbook.convert(path, sheet, text_file(run))
            layout = reading.Layout(sheets=sheets, sheet=sheet if sheet in sheets else sheets[0])
        else:
            refuse_other(run, file_kinds.other_than_text(path))
            layout = reading.detect(path)
    except workbook.Unreadable as refusal:
        raise ValidationError({"file": _(str(refusal))}) from None
    layout.header = mappings.find_header(text_file(run), layout, KINDS[run.kind])
    use_layout(run, layout)


def refuse_other(run: Import, other: file_kinds.Told | None) -> None:
    """Refuse a file that is of another kind than its name says."""
    if other:
        reason, facts = other
        raise ValidationError({"file": _(reason) % (facts | {"name": run.file_name})})


def use_layout(run: Import, layout: reading.Layout) -> None:
    """Take a layout over and map the columns that it gives."""
    path = text_file(run)
    names = mappings.headings(path, layout)
    if not names:
        raise ValidationError({"file": _("There are no rows in the file.")})
    kind = KINDS[run.kind]
    run.layout = layout.stored()
    known = mappings.remembered(kind, run.source, names)
    if known is None or mappings.problems(kind, names, known):
        known = mappings.guess(kind, names, mappings.cells_of(path, layout, names, SAMPLE))
    run.mapping = known


def with_own_columns(
    run: Import, mapping: dict[str, Any], *, everything: bool = False
) -> dict[str, Any]:
    """The mapping with new own columns: for names that it gives and nobody knows, or for every
    heading that means nothing yet. Nothing is stored; the load makes them."""
    kind = KINDS[run.kind]
    if kind.own is None:
        return mapping
    known = {column.name for column in kind.under({}).columns}
    path, layout = text_file(run), reading.Layout(**run.layout)
    names = mappings.headings(path, layout)
    asked = {
        name: said for name, said in mapping.items()
        if isinstance(said, str) and said in names and name not in known and ":" in name
    }  # fmt: skip
    wanted = mappings.unused(names, mapping) if everything else []
    if not asked and not wanted:
        return mapping
    cells = mappings.cells_of(path, layout, names, mappings.LOOKED_AT)
    found = dict(mapping)
    for name, heading in asked.items():
        made = kind.own.proposed(heading, cells[heading], set())
        if made is None:
            told = _("“%(name)s” holds no numbers, days or few different words.") % {
                "name": heading
            }
            raise ValidationError({f"mapping.{name}": told})
        found[name] = made[1]
    return found | mappings.proposals(kind, cells, found, dict.fromkeys(wanted, ("", "")))


def with_new_columns(
    run: Import, mapping: dict[str, Any], wanted: dict[str, tuple[str, str]]
) -> dict[str, Any]:
    """The mapping with a new own column for each heading that is wanted as {heading: (kind, name)}."""
    kind, path, layout = KINDS[run.kind], text_file(run), reading.Layout(**run.layout)
    names = mappings.headings(path, layout)
    free = set(mappings.unused(names, mapping))
    wanted = {heading: said for heading, said in wanted.items() if heading in free}
    if not wanted:
        return mapping
    cells = mappings.cells_of(path, layout, names, mappings.LOOKED_AT)
    found = mappings.proposals(kind, cells, mapping, wanted)
    done = {said["heading"] for said in found.values()}
    if lost := [heading for heading in wanted if heading not in done]:
        told = _("“%(name)s” has no words to choose from, or too many different ones.")
        raise ValidationError([told % {"name": heading} for heading in lost])
    return mapping | found


def check_not_begun(run: Import) -> None:
    """What a run goes by stays as it is once the run has begun."""
    if run.started_at:
        raise ValidationError(_("The load has begun; upload the file again to read it otherwise."))


@transaction.atomic
def set_layout(
    run: Import, *, by: User | None, encoding: str, separator: str, header: int, sheet: str = ""
) -> Import:
    """Read the file as a person says: encoding, separator, row of the headings, sheet."""
    run = Import.objects.select_for_update().get(pk=run.pk)
    check_not_begun(run)
    layout = reading.Layout(**run.layout)
    if sheet and sheet != layout.sheet:
        read_anew(run, sheet)
    else:
        if layout.sheets is None:
            layout = replace(layout, encoding=encoding, separator=separator)
        use_layout(run, replace(layout, header=header))
    run.planned_at, run.running_from, run.plan, run.rows = None, None, {}, 0
    run.save()
    return run


@transaction.atomic
def set_mapping(run: Import, mapping: dict[str, Any], *, by: User | None) -> Import:
    """Say which column of the file means what; it is remembered for the next file of this kind."""
    run = Import.objects.select_for_update().get(pk=run.pk)
    check_not_begun(run)
    kind = KINDS[run.kind]
    names = mappings.headings(text_file(run), reading.Layout(**run.layout))
    mapping = {name: chosen for name, chosen in mappings.cleaned(mapping).items() if chosen}
    if wrong := mappings.problems(kind, names, mapping):
        raise ValidationError(wrong)
    mappings.remember(kind, run.source, names, mapping)
    run.mapping = mapping
    run.planned_at, run.running_from, run.plan = None, None, {}
    run.save()
    return run


@transaction.atomic
def plan_import(run: Import, *, by: User | None) -> Import:
    """Ask for a dry run: a picture of what would happen; nothing is stored."""
    run = Import.objects.select_for_update().get(pk=run.pk)
    check_not_begun(run)
    check_mapping(run)
    run.planned_at, run.cancelled_at, run.failed_at = None, None, None
    run.running_from, run.running_from_position, run.looked_at = timezone.now(), 0, 0
    run.save()
    app.configure_task("imports.plan").defer(key=str(run.pk))
    return run


@transaction.atomic
def start_import(run: Import, *, by: User | None, now: bool = True) -> Import:
    """Ask for the load, or go on with one that was cancelled or failed."""
    run = Import.objects.select_for_update().get(pk=run.pk)
    check_mapping(run)
    if run.finished_at:
        raise ValidationError(_("This file has been loaded; upload it again to load it again."))
    if run.file_deleted_at:
        raise ValidationError(_("The file is no longer kept; upload it again."))
    if run.started_at and not (run.cancelled_at or run.failed_at):
        return run
    make_own_columns(run, by)
    run.started_at = run.started_at or timezone.now()
    run.cancelled_at = run.failed_at = None
    run.failure = ""
    run.running_from, run.running_from_position = timezone.now(), run.position
    run.save()
    record_change("start_import", run, by=by, changes={"position": [None, run.position]})
    if now:
        app.configure_task("imports.load").defer(key=str(run.pk))
    return run


def make_own_columns(run: Import, by: User | None) -> None:
    """Make what the mapping wants made, in the order of the file."""
    if own := KINDS[run.kind].own:
        names = mappings.headings(text_file(run), reading.Layout(**run.layout))
        place = {name: at for at, name in enumerate(names)}
        order = sorted(run.mapping.items(), key=lambda said: place.get(heading_of(said[1]), -1))
        own.make(dict(order), by)


def check_mapping(run: Import) -> None:
    """A run needs every column that its kind cannot do without."""
    names = mappings.headings(text_file(run), reading.Layout(**run.layout))
    if wrong := mappings.problems(KINDS[run.kind], names, run.mapping):
        raise ValidationError(wrong)


@transaction.atomic
def cancel_import(run: Import, *, by: User | None, at: dt.datetime | None = None) -> Import:
    """Stop after the batch under way; what is loaded stays, and the rest can be loaded later."""
    run = Import.objects.select_for_update().get(pk=run.pk)
    if run.finished_at or run.cancelled_at:
        return run
    run.cancelled_at = at or timezone.now()
    run.running_from = None
    run.save()
    record_change("cancel_import", run, by=by, changes={"position": [None, run.position]})
    return run


@transaction.atomic
def fail_import(key: uuid.UUID, failure: str, *, at: dt.datetime | None = None) -> None:
    """Write down that a run could not go on, and why."""
    run = Import.objects.select_for_update().get(pk=key)
    run.failed_at, run.failure, run.running_from = at or timezone.now(), failure[:2000], None
    run.save()


def delete_old_files(at: dt.datetime | None = None) -> int:
    """Delete files 30 days after their upload; counts and refused rows stay. How many."""
    moment = at or timezone.now()
    old = Import.objects.filter(file_deleted_at=None, created_at__lt=moment - KEPT)
    count = 0
    for run in old.iterator():
        forget_files(run)
        SeenKey.objects.filter(run=run).delete()
        count += Import.objects.filter(pk=run.pk).update(file_deleted_at=moment)
    return count


def forget_files(run: Import) -> None:
    """Remove an import's files."""
    if run.file:
        text = text_file(run)
        run.file.delete(save=False)
        text.unlink(missing_ok=True)
