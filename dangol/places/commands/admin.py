"""The first administrator of an empty database, or the way back in when nobody has the password."""

from __future__ import annotations

import argparse

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.crypto import get_random_string

from dangol.core.models import User
from dangol.core.roles import Role
from dangol.places import people
from dangol.places.actions import grant_role, open_place
from dangol.places.models import Place


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who; what the company is called when there is none yet."""
    parser.add_argument("email")
    parser.add_argument("--name", default="", help="the person's name")
    parser.add_argument(
        "--company", default="본사", help="the company's name, if there is none yet"
    )


def run(options: argparse.Namespace) -> int:
    """Make the company if there is none, the account if it is new, and print a fresh password."""
    email = options.email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        print(f"dangol: “{email}” is not an e-mail address.")
        return 2
    password = let_in(email, options.name or email.partition("@")[0], options.company)
    print(f"{email} is administrator of {', '.join(str(top) for top in tops())}.")
    print(f"Password: {password}   (shown only now)")
    return 0


def tops() -> list[Place]:
    """Every company."""
    return list(Place.objects.filter(parent=None))


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
