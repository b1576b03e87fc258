"""The first administrator of an empty database, or the way back in when nobody has the password."""

from __future__ import annotations

import argparse

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Who; what the company is called when there is none yet."""
    parser.add_argument("email")
    parser.add_argument("--name", default="", help="the person's name")
    parser.add_argument(
        "--company", default="본사", help="the company's name, if there is none yet"
    )


def run(options: argparse.Namespace) -> int:
    """Make the company if there is none, the account if it is new, and print a fresh password."""
    from dangol.places.first_administrator import let_in, tops

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
