"""Live cases: a case's page is fetched again when anything about it changes."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from dangol.cases.models import Case
from dangol.cases.queries import cases_visible_to
from dangol.core.live.topics import register
from dangol.core.models import User


def may_listen(user: User, key: str) -> bool:
    """Who may see the case may hear it."""
    try:
        return cases_visible_to(user).filter(pk=uuid.UUID(key)).exists()
    except ValueError:
        return False


def snapshot(keys: Collection[str]) -> Mapping[str, dict[str, Any]]:
    """The case's revision, and its latest note: the page asks for itself when either moves."""
    rows = Case.objects.filter(pk__in=keys).prefetch_related("notes", "attachments")
    return {
        str(case.pk): {
            "revision": case.revision,
            "notes": len(case.notes.all()),
            "files": len(case.attachments.all()),
        }
        for case in rows
    }


register("case", may_listen, snapshot)
