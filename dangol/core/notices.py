"""Short messages to a person inside the product."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.db.models import QuerySet
from django.utils import timezone, translation

from dangol.core.live import announce
from dangol.core.models import Notice, User


def notify(user: User, text: Callable[[], str], url: str = "") -> Notice:
    """Tell a person something in their language; it shows at the top of the page at once."""
    with translation.override(user.language):
        notice = Notice.objects.create(user=user, text=text()[:300], url=url)
    announce(f"notices:{user.pk}")
    return notice


def unread_notices(user: User) -> QuerySet[Notice]:
    """What the person has not read yet, newest first."""
    return Notice.objects.filter(user=user, read_at=None).order_by("-created_at")


def mark_read(user: User, only: uuid.UUID | None = None) -> int:
    """The person has read everything, or one notice; how many were unread. The bell follows."""
    unread = unread_notices(user)
    count = (unread.filter(pk=only) if only else unread).update(read_at=timezone.now())
    if count:
        announce(f"notices:{user.pk}")
    return count
