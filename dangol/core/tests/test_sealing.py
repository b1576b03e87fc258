"""Sealed texts: only the right key opens them, and keys can be changed."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet

from dangol.core.sealing import WrongKey, add_key, is_newest, keys_file, seal, unseal


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):  # type: ignore[no-untyped-def]
    settings.VAR, settings.SEALING_KEYS = tmp_path, ""


def test_a_text_comes_back_and_the_file_is_only_ours():
    sealed = seal("비밀")
    assert "비밀" not in sealed and unseal(sealed) == "비밀"
    assert keys_file().stat().st_mode & 0o077 == 0


def test_a_wrong_key_raises_and_never_answers(settings):
    sealed = seal("비밀")
    settings.SEALING_KEYS = f"k1:{Fernet.generate_key().decode()}"
    with pytest.raises(WrongKey):
        unseal(sealed)
    with pytest.raises(WrongKey):
        unseal("k9:" + sealed[3:])
    settings.SEALING_KEYS = ""
    with pytest.raises(WrongKey):
        unseal(sealed[:-6] + "AAAA==")


def test_a_new_key_seals_and_the_old_one_still_opens():
    old = seal("비밀")
    add_key()
    assert unseal(old) == "비밀" and not is_newest(old)
    assert is_newest(seal("비밀"))
