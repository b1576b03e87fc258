"""What can be done with views and their mails."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.cubes.actions.checking import ended, said
from dangol.cubes.asking.addresses import address_of, question_of
from dangol.cubes.models import Subscription, View


@transaction.atomic
def save_view(
    *, name: str, address: str, sharing: str = "none", roles: list[str] | None = None, by: User
) -> View:
    """Keep a question under a name; the same name of the same person is overwritten."""
    name = said(name)
    fields = {
        "address": address_of(question_of(address)), "sharing": sharing,
        "roles": sorted(set(roles or [])),
    }  # fmt: skip
    found = View.objects.select_for_update().filter(owner=by, name=name, ended_at=None).first()
    view = found or View(owner=by, name=name)
    for field, value in fields.items():
        setattr(view, field, value)
    view.full_clean(exclude=["id"], validate_constraints=False)
    view.save()
    record_change("cubes.view_saved", view, by=by, changes={"name": [None, name], "sharing": [None, sharing]})  # fmt: skip
    return view


@transaction.atomic
def share_view(view: View, *, sharing: str, roles: list[str] | None = None, by: User) -> View:
    """Say who else may open a view of one's own."""
    if view.owner_id != by.pk:
        raise PermissionDenied("cubes.own_view")
    return save_view(name=view.name, address=view.address, sharing=sharing, roles=roles, by=by)


@transaction.atomic
def end_view(view: View, *, by: User, at: dt.datetime | None = None) -> View:
    """Nobody opens it any more; its subscriptions end with it."""
    if view.owner_id != by.pk:
        raise PermissionDenied("cubes.own_view")
    view = View.objects.select_for_update().get(pk=view.pk)
    if view.ended_at is None:
        view.ended_at = at or timezone.now()
        view.save(update_fields=["ended_at"])
        view.subscriptions.filter(ended_at=None).update(ended_at=view.ended_at)
        record_change("cubes.view_ended", view, by=by, changes={})
    return view


@transaction.atomic
def subscribe(
    view: View, *, every: str, hour: int, xlsx: bool = True, pdf: bool = True, by: User
) -> Subscription:
    """Have a view mailed; another time of the same view replaces the one before."""
    if not xlsx and not pdf:
        raise ValidationError({"xlsx": _("Choose a file.")})
    found = Subscription.objects.select_for_update().filter(view=view, user=by, ended_at=None).first()  # fmt: skip
    row = found or Subscription(view=view, user=by)
    row.every, row.hour, row.xlsx, row.pdf = every, hour, xlsx, pdf
    row.full_clean(exclude=["id"], validate_constraints=False)
    row.save()
    record_change("cubes.subscribed", row, by=by, changes={"every": [None, every], "hour": [None, hour]})  # fmt: skip
    return row


@transaction.atomic
def unsubscribe(subscription: Subscription, *, by: User) -> Subscription:
    """No more mails."""
    return ended(subscription, "cubes.unsubscribed", by)


@transaction.atomic
def take_mail_day(subscription: Subscription, day: dt.date) -> bool:
    """Whoever takes the day sends its mail; False where somebody did already, or it was ended."""
    waiting = Subscription.objects.filter(
        pk=subscription.pk, ended_at=None, sent_on=subscription.sent_on
    )
    return bool(waiting.update(sent_on=day))


@transaction.atomic
def give_back_mail_day(subscription: Subscription, before: dt.date | None) -> None:
    """The mail could not be sent: the next run may try again."""
    Subscription.objects.filter(pk=subscription.pk).update(sent_on=before)
