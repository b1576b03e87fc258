"""Who may be told of what: whoever keeps a system in step must be allowed to read all of it, when
it begins and for as long as it goes on."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from dangol.core.models import User
from dangol.core.notices import notify
from dangol.sources.outgoing.models import Subscriber
from dangol.sources.running.giving_up import stewards

ABILITY_OF = {
    "customer": "customers.see_unmasked",
    "transaction": "purchases.see",
    "site": "places.see",
    "product": "purchases.see",
}
"""A feed knows no scope and masks nothing: the ability is needed over the whole company."""
LOST = gettext_noop(
    "%(person)s, who set this up, may not read this any more. Whoever may can take it over: “Send again”."
)


def may_read(user: User, entity: str) -> bool:
    """Whether a person, and the token that is used, may read all rows of a feed."""
    ability = ABILITY_OF[entity]
    return user.is_active and user.can(ability) and user.holds_at_the_top(ability)


def check_reader(user: User | None, entity: str) -> None:
    """Refuse (403) whoever may not read a feed; nobody is the company itself, by command."""
    if user is not None and not may_read(user, entity):
        raise PermissionDenied(ABILITY_OF[entity])


def owner_may_read(subscriber: Subscriber) -> bool:
    """Whether whoever set it up may still read it; if not, it is stopped and people are told."""
    owner = User.objects.filter(pk=subscriber.by_id).first()
    if owner is None or may_read(owner, subscriber.entity):
        return True
    stop(subscriber, LOST, {"person": str(owner)})
    return False


@transaction.atomic
def stop(
    subscriber: Subscriber, reason: str, facts: dict[str, str], at: dt.datetime | None = None
) -> None:
    """Send nothing any more until somebody says so, and say why; those who care are told."""
    found = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if found.disabled_at:
        return
    found.disabled_at = at or timezone.now()
    found.trouble = {"reason": reason, "facts": facts}
    found.save(update_fields=["disabled_at", "trouble"])
    tell(found, lambda: _("%(name)s: sending has stopped. %(why)s") % {"name": found.name, "why": found.why})  # fmt: skip


def tell(subscriber: Subscriber, words) -> None:  # type: ignore[no-untyped-def]
    """A notice to everybody who may run sources."""
    for user in stewards():
        notify(user, words, reverse("sources:subscriber", args=[subscriber.pk]))
