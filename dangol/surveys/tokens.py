"""Tokens of personal links: long, random, and kept only as a hash."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """A token of 144 random bits, fit for an address."""
    return secrets.token_urlsafe(18)


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
