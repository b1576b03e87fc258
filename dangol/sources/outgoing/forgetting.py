"""Changes are kept for some time. Who was away for longer is told so, and gets everything anew."""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.sources.outgoing.feed import Position, cursor_of, settled_before
from dangol.sources.outgoing.models import Change, FeedEntity, Forgotten, Subscriber
from dangol.sources.outgoing.rights import tell


@transaction.atomic
def forget_changes(before: dt.datetime) -> int:
    """Forget what was noted before an instant, and keep where each feed begins now; how many.

    What an open transaction still holds back was told to nobody: it stays until that one is over.
    """
    settled = settled_before()
    old = Change.objects.filter(Q(xid__lt=settled) | Q(xid__gte=next_transaction()), at__lt=before)
    Forgotten.objects.filter(xid__gte=settled).delete()  # of another time of this database
    for entity in FeedEntity.values:
        rows = old.filter(entity=entity, xid__lt=settled).order_by("-xid", "-pk")
        if last := rows.values_list("xid", "pk").first():
            keep_last(entity, last)
    return old.delete()[0]


def keep_last(entity: str, last: Position) -> None:
    """The last forgotten change of a feed; it only moves forward."""
    kept = Forgotten.objects.filter(entity=entity).values_list("xid", "number").first()
    if kept is None or kept < last:
        told = {"xid": last[0], "number": last[1], "at": timezone.now()}
        Forgotten.objects.update_or_create(entity=entity, defaults=told)


def next_transaction() -> int:
    """No transaction of this database has this number or a larger one yet; what has is of another
    time, before it was brought back from a copy."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


@transaction.atomic
def begin_anew(
    subscriber: Subscriber, kept_after: Position, *, by: User | None, at: dt.datetime | None = None
) -> None:
    """Go on with what is kept and then with everything there is, and say that it is so: what was
    deleted meanwhile cannot be told any more."""
    found = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    before = (found.after_xid, found.after_id)
    found.after_xid, found.after_id = kept_after
    found.everything_asked_at = at or timezone.now()
    found.save(update_fields=["after_xid", "after_id", "everything_asked_at"])
    record_change(
        "begin_anew", found, by=by, changes={"position": [cursor_of(before), cursor_of(kept_after)]}
    )
    tell(found, lambda: _("%(name)s was away for longer than changes are kept, so everything is sent anew. What it holds and does not receive now is no longer here.") % {"name": found.name})  # fmt: skip
