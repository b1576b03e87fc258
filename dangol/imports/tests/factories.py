"""Files and imports for tests."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile

from dangol.imports import actions
from dangol.imports.models import Import
from dangol.imports.queries import reason_text, refused_rows
from dangol.imports.running import run_file


def uploaded(kind: str, content: str | bytes, *, name="file.csv", source="crm", by=None) -> Import:
    """A file that came in."""
    data = content.encode() if isinstance(content, str) else content
    return actions.upload_import(
        kind=kind, source=source, file=SimpleUploadedFile(name, data), by=by
    )


def loaded(kind: str, content: str | bytes, *, mapping=None, **more) -> Import:
    """A file that was loaded at once, as the shell does it."""
    run = uploaded(kind, content, **more)
    if mapping:
        run = actions.set_mapping(run, run.mapping | mapping, by=None)
    actions.start_import(run, by=run.by, now=False)
    return run_file(run.pk, dry=False)


def loaded_with_attributes(content: str) -> Import:
    """As `dangol load … --attributes` does it."""
    run = uploaded("customers", content)
    mapping = actions.with_own_columns(run, run.mapping, everything=True)
    actions.set_mapping(run, mapping, by=None)
    actions.start_import(run, by=None, now=False)
    return run_file(run.pk, dry=False)


def planned(kind: str, content: str | bytes, **more) -> Import:
    """A file that was only looked at."""
    run = uploaded(kind, content, **more)
    return run_file(run.pk, dry=True)


def counts(run: Import) -> tuple[int, int, int, int]:
    """New, changed, same, refused."""
    return run.new, run.changed, run.same, run.refused


def reasons(run: Import) -> list[tuple[int, str]]:
    """Line and reason of every refused row, in English."""
    from django.utils import translation

    with translation.override("en"):
        return [
            (row.line, reason_text(run, row.column, row.reason, row.facts))
            for row in refused_rows(run)
        ]
