"""Two desks never call one person: their calls were made for two customers who are one since."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from dangol.campaigns.actions import drop, release
from dangol.campaigns.models import Reason
from dangol.desk.models import Handling


def clear_for_one(handling: Handling, at: dt.datetime) -> str:
    """Why this customer must not be dialled from this desk; empty: nothing stands against it.

    The second call of one programme to one person comes to its end: one is enough, and it stays so
    when the merge is undone.
    """
    person = handling.target.customer_id
    if not _only_caller(person):
        return _("Another desk is calling this person at this moment.")
    other = _other_call(handling)
    if other is None:
        return ""
    if other.target.campaign_id == handling.target.campaign_id and not handling.interaction_id:
        release(handling.target, handling.agent, at=at)
        drop(handling.target, by=handling.agent, at=at, reason=Reason.MERGED)
        handling.finished_at = at
        handling.save(update_fields=["finished_at"])
        return _("This person was merged with one whom %(agent)s calls: one call is enough.") % {
            "agent": other.agent
        }
    return _("%(agent)s speaks with this person already. Give the call back.") % {
        "agent": other.agent
    }


def _only_caller(person: object) -> bool:
    """Hold the right to call somebody until the transaction ends: the claim takes the same one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s::text, 7))", [str(person)]
        )
        return bool(cursor.fetchone()[0])


def _other_call(handling: Handling) -> Handling | None:
    """A call to the same person from another desk: under way, or spoken since this one was opened."""
    others = Handling.objects.filter(
        target__customer=handling.target.customer_id, interaction__isnull=False
    ).exclude(pk=handling.pk)
    under_way = Q(finished_at=None)
    spoken = Q(outcome="done", finished_at__gte=handling.opened_at)
    return others.filter(under_way | spoken).select_related("agent", "target").first()
