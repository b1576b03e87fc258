"""Giving and taking back tokens."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.api.models import KeptAnswer, Token, digest, new_secret
from dangol.core.audit import record_change
from dangol.core.models import User

LONGEST = dt.timedelta(days=366)
KEPT = dt.timedelta(hours=24)


@transaction.atomic
def make_token(
    user: User,
    *,
    name: str,
    abilities: list[str],
    days: int,
    by: User,
    at: dt.datetime | None = None,
) -> tuple[Token, str]:
    """A token and its secret, which is told only now."""
    lacking = [ability for ability in abilities if not user.can(ability)]
    if lacking:
        raise ValidationError({"abilities": _("You do not hold: %s") % ", ".join(lacking)})
    if not abilities:
        raise ValidationError({"abilities": _("Choose at least one ability.")})
    if not 0 < days <= LONGEST.days:
        raise ValidationError({"days": _("A token lives from 1 to 366 days.")})
    secret = new_secret()
    moment = at or timezone.now()
    token = Token.objects.create(
        user=user,
        name=name,
        digest=digest(secret),
        hint=secret[:8],
        abilities=sorted(abilities),
        expires_at=moment + dt.timedelta(days=days),
    )
    record_change("make_token", token, by=by, changes={"abilities": [None, token.abilities]})
    return token, secret


@transaction.atomic
def revoke_token(token: Token, *, by: User, at: dt.datetime | None = None) -> None:
    """The token opens nothing any more."""
    if token.revoked_at is None:
        token.revoked_at = at or timezone.now()
        token.save()
        record_change("revoke_token", token, by=by)


def forget_old_answers(at: dt.datetime | None = None) -> int:
    """Drop answers kept for more than a day; how many."""
    count, _kinds = KeptAnswer.objects.filter(at__lt=(at or timezone.now()) - KEPT).delete()
    return count
