"""Letting the first administrator in, or one back in."""

from __future__ import annotations

from django.db import transaction
from django.utils.crypto import get_random_string

from dangol.core.models import User
from dangol.core.roles import Role
from dangol.places import people
from dangol.places.actions import grant_role, open_place
from dangol.places.models import Place


def tops() -> list[Place]:
    """Every company."""
    return list(Place.objects.filter(parent=None))


def nobody_can_sign_in() -> bool:
    """Whether the installation is so new that it has no account."""
    return not User.objects.filter(is_active=True).exists()


@transaction.atomic
def let_in(email: str, name: str, company: str) -> str:
    """The person administers everything and signs in with the returned password."""
    if not tops():
        open_place(code="HQ", name=company, kind="company", by=None)
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
    for top in tops():
        grant_role(user, Role.ADMINISTRATOR, top, by=None)
    password = get_random_string(16)
    people.set_password(user, password, by=None)
    return password
