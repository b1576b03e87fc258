"""Signatures by the Standard Webhooks scheme: whsec_ secrets, HMAC-SHA256 over id.timestamp.body."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"


def new_secret() -> str:
    """24 random bytes, as the scheme writes them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(24)).decode()


def signature(secret: str, key: str, timestamp: int, body: bytes) -> str:
    """v1,<base64> for the header webhook-signature."""
    signed = f"{key}.{timestamp}.".encode() + body
    raw = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.new(raw, signed, hashlib.sha256).digest()).decode()


def headers(secret: str, key: str, timestamp: int, body: bytes) -> dict[str, str]:
    """What a receiver checks: the id stays the same over all tries, so that it can drop repeats."""
    return {
        "webhook-id": key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(secret, key, timestamp, body),
        "content-type": "application/json",
        "user-agent": "Dangol",
    }
