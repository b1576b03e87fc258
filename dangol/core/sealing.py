"""Texts that must not lie open in the database: sealed with a key that has a name.

Keys come from DANGOL_SEALING_KEYS or from a file in var that is made once. The newest one seals;
every one opens what it sealed, so that keys can be changed without a moment of darkness.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class WrongKey(Exception):
    """A sealed text whose key is not here, or that somebody changed."""


def keys_file() -> Path:
    """Where the keys lie when the environment gives none."""
    return Path(settings.VAR) / "sealing-keys"


def keys() -> dict[str, bytes]:
    """The keys by name, the newest first."""
    listed = settings.SEALING_KEYS or _kept()
    pairs = (line.split(":", 1) for line in listed.replace("\n", ",").split(",") if ":" in line)
    return {name.strip(): key.strip().encode() for name, key in pairs}


def seal(text: str) -> str:
    """The text as only a holder of the newest key can read it."""
    name, key = next(iter(keys().items()))
    return f"{name}:{Fernet(key).encrypt(text.encode()).decode()}"


def unseal(sealed: str) -> str:
    """What was sealed; WrongKey, never something else."""
    name, _colon, token = sealed.partition(":")
    try:
        return Fernet(keys()[name]).decrypt(token.encode()).decode()
    except (KeyError, InvalidToken, ValueError):
        raise WrongKey(name) from None


def is_newest(sealed: str) -> bool:
    """Whether a text needs no sealing anew."""
    return sealed.partition(":")[0] == next(iter(keys()))


def add_key() -> str:
    """A new newest key in the file; its name. What older ones sealed stays readable."""
    name = f"k{len(keys()) + 1}-{secrets.token_hex(2)}"
    text = f"{name}:{Fernet.generate_key().decode()}\n{_kept()}"
    beside = _write(text)
    os.replace(beside, keys_file())
    return name


def _kept() -> str:
    """The file's text; made with one key when there is none."""
    if not keys_file().exists():
        beside = _write(f"k1:{Fernet.generate_key().decode()}\n")
        with contextlib.suppress(FileExistsError):  # another process was first
            os.link(beside, keys_file())
        beside.unlink()
    return keys_file().read_text()


def _write(text: str) -> Path:
    """A file beside the keys, whole and never readable by others for a moment."""
    beside = keys_file().with_name(f".sealing-keys-{os.getpid()}-{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(text)
    return beside
