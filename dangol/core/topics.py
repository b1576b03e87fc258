"""Live notices: the bell of one person."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import Count

from dangol.core.live.topics import register
from dangol.core.models import Notice, User


def may_listen(user: User, key: str) -> bool:
    """Everybody hears their own bell only."""
    return str(user.pk) == key


def snapshot(keys: Collection[str]) -> Mapping[str, dict[str, Any]]:
    """How many notices are unread."""
    counted = dict(
        Notice.objects.filter(user__in=keys, read_at=None)
        .values_list("user")
        .annotate(n=Count("pk"))
        .order_by()
    )
    found = {str(user): n for user, n in counted.items()}
    return {key: {"unread": found.get(key, 0)} for key in keys}


register("notices", may_listen, snapshot)
