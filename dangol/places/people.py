"""Writes over the people who sign in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User
from dangol.places.actions import revoke_role
from dangol.places.events import PersonEnded


@transaction.atomic
def invite_person(
    *, email: str, name: str, by: User, password: str | None = None, **fields: Any
) -> User:
    """Give somebody an account; without roles they see nothing."""
    user = User.objects.create_user(email, password, name=name, **fields)
    record_change("invite_person", user, by=by, changes={"email": [None, user.email]})
    return user


@transaction.atomic
def change_person(user: User, *, by: User, **fields: Any) -> User:
    """Correct a person's own facts."""
    user = User.objects.select_for_update().get(pk=user.pk)
    changes = {k: [getattr(user, k), v] for k, v in fields.items() if getattr(user, k) != v}
    for name, value in fields.items():
        setattr(user, name, value)
    user.save()
    if changes:
        record_change("change_person", user, by=by, changes=changes)
    return user


@transaction.atomic
def end_person(user: User, *, by: User, at: dt.datetime | None = None) -> User:
    """End an account: roles and sessions end at once, what the person did stays."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        return user
    user.is_active = False
    user.save()
    for grant in user.grants.filter(revoked_at=None):
        revoke_role(grant, by=by, at=at)
    user.tokens.filter(revoked_at=None).update(revoked_at=at or timezone.now())
    end_sessions(user)
    record_change("end_person", user, by=by)
    publish(PersonEnded(subject_id=user.pk), by=by, at=at)
    return user


@transaction.atomic
def set_password(user: User, password: str, *, by: User | None) -> None:
    """Give a new password; every session of the person ends."""
    user.set_password(password)
    user.save()
    end_sessions(user)
    record_change("set_password", user, by=by)


def end_sessions(user: User) -> int:
    """Sign a person out everywhere; how many sessions ended."""
    count = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
            count += 1
    return count
