"""Sites that their source no longer has: an administrator closes them, never a machine."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.core.notices import notify
from dangol.core.roles import ABILITIES
from dangol.customers.models import Customer
from dangol.places.actions import close_place
from dangol.places.models import Grant, Place
from dangol.places.scope import scoped
from dangol.sources.models import GoneSite, KnownRow, Run


def gone_sites_visible_to(user: User) -> QuerySet[GoneSite]:
    """Sites that wait for an answer, with who would be left behind; for who may close them."""
    waiting = GoneSite.objects.filter(answered_at=None, back_at=None).select_related(
        "place", "source"
    )
    customers = Customer.objects.filter(home_place=OuterRef("place"))
    staff = Grant.objects.filter(place=OuterRef("place"), revoked_at=None)
    return scoped(waiting, user, "places.edit", "place").annotate(
        customers=counted(customers, "home_place"), staff=counted(staff, "place")
    )


def counted(rows: QuerySet, field: str) -> Coalesce:  # type: ignore[type-arg]
    """How many rows belong to the outer row's place."""
    found = rows.order_by().values(field).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(found), 0)


def propose_closing(run: Run, codes: list[str], now: dt.datetime) -> int:
    """One item for each open site that is gone, and word to the administrators."""
    places = Place.objects.filter(code__in=codes, closed_at=None, parent__isnull=False)
    asked = set(
        GoneSite.objects.filter(place__in=places, answered_at=None, back_at=None).values_list(
            "place", flat=True
        )
    )
    made = GoneSite.objects.bulk_create(
        GoneSite(source=run.source, place=place, gone_at=now)
        for place in places
        if place.pk not in asked
    )
    if made:
        url = reverse("sources:gone_sites")
        for user in administrators():
            notify(
                user,
                lambda: (
                    ngettext(
                        "%(count)s site is no longer in %(source)s. Close it?",
                        "%(count)s sites are no longer in %(source)s. Close them?",
                        len(made),
                    )
                    % {"count": len(made), "source": run.source.name}
                ),
                url,
            )
    return len(made)


def administrators() -> list[User]:
    """Who may close places."""
    found = User.objects.filter(
        grants__role__in=ABILITIES["places.edit"], grants__revoked_at=None, is_active=True
    )
    return list(found.distinct())


def sites_are_back(run: Run, now: dt.datetime) -> int:
    """The source has them again: nobody is asked any more."""
    there = KnownRow.objects.filter(source=run.source, seen_in=run.pk, gone_at=None).values("key")
    waiting = GoneSite.objects.filter(answered_at=None, back_at=None, place__code__in=there)
    return waiting.update(back_at=now)


@transaction.atomic
def answer_gone_site(
    item: GoneSite, *, close: bool, by: User, at: dt.datetime | None = None
) -> GoneSite:
    """Close the site, or keep it although its source no longer has it."""
    item = GoneSite.objects.select_for_update(of=("self",)).select_related("place").get(pk=item.pk)
    if item.answered_at or item.back_at:
        raise ValidationError(_("This was answered already, or the site is back."))
    item.answered_at, item.answered_by, item.closed = at or timezone.now(), by, close
    if close:
        close_place(item.place, by=by, at=item.answered_at)
    item.save()
    record_change("answer_gone_site", item, by=by, changes={"closed": [None, close]})
    return item
