"""A source that was connected by mistake."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.sources.actions import locked
from dangol.sources.models import Source


@transaction.atomic
def remove_source(source: Source, *, by: User | None) -> None:
    """Take back a source that was never read. Raises ValidationError for one that was: what it said
    stands in golden records, so that it is paused instead."""
    source = locked(source)
    if source.runs.exists():
        raise ValidationError(
            _("This source was read already; what it said stays. Pause it instead.")
        )
    record_change("remove_source", source, by=by, changes={"code": [source.code, None]})
    source.delete()
