"""Live cases: a case's page is fetched again when anything about it changes."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Count

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
    """The case's revision, how many notes and files: the page asks for itself when one moves."""
    rows = Case.objects.filter(pk__in=keys).annotate(
        told=Count("notes", distinct=True), added=Count("attachments", distinct=True)
    )
    return {
        str(key): {"revision": revision, "notes": notes, "files": files}
        for key, revision, notes, files in rows.values_list("pk", "revision", "told", "added")
    }


register("case", may_listen, snapshot)
