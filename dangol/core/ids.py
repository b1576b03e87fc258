"""Keys that sort by time: UUID version 7 (RFC 9562, section 5.7)."""

from __future__ import annotations

import os
import time
import uuid


def sent_key(text: str) -> uuid.UUID:
    """The key that a form carries for the row it will make, so that sending it twice makes one.

    A fresh one where none was sent, or nonsense.
    """
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid7()


def uuid7() -> uuid.UUID:
    """A new key: 48 bits of milliseconds, then random bits."""
    millis = time.time_ns() // 1_000_000
    tail = int.from_bytes(os.urandom(10), "big")
    value = (millis & (2**48 - 1)) << 80 | 0x7 << 76 | (tail >> 68 & 0xFFF) << 64
    value |= 0b10 << 62 | tail & (2**62 - 1)
    return uuid.UUID(int=value)
