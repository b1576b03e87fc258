"""Hangul taken apart, for finding names by single letters and by initial consonants.

A syllable of Unicode's Hangul block (U+AC00…U+D7A3) is ((initial · 21) + vowel) · 28 + final,
The Unicode Standard, section 3.12.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = ["ㅏ", "ㅐ", "ㅑ", "ㅒ", "ㅓ", "ㅔ", "ㅕ", "ㅖ", "ㅗ", "ㅗㅏ", "ㅗㅐ", "ㅗㅣ", "ㅛ", "ㅜ"]
VOWELS += ["ㅜㅓ", "ㅜㅔ", "ㅜㅣ", "ㅠ", "ㅡ", "ㅡㅣ", "ㅣ"]
FINALS = ["", "ㄱ", "ㄲ", "ㄱㅅ", "ㄴ", "ㄴㅈ", "ㄴㅎ", "ㄷ", "ㄹ", "ㄹㄱ", "ㄹㅁ", "ㄹㅂ", "ㄹㅅ"]
FINALS += [
    "ㄹㅌ",
    "ㄹㅍ",
    "ㄹㅎ",
    "ㅁ",
    "ㅂ",
    "ㅂㅅ",
    "ㅅ",
    "ㅆ",
    "ㅇ",
    "ㅈ",
    "ㅊ",
    "ㅋ",
    "ㅌ",
    "ㅍ",
    "ㅎ",
]
FIRST, LAST = 0xAC00, 0xD7A3


def tidy(text: str) -> str:
    """Composed Hangul, single blanks, no control characters or blanks at the ends."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable():
        return " ".join(composed.split())
    kept = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in composed)
    return " ".join(kept.split())


@lru_cache(maxsize=200_000)
def letters(text: str) -> str:
    """홍길동 → ㅎㅗㅇㄱㅣㄹㄷㅗㅇ; other scripts lose accents, case and blanks."""
    out: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        code = ord(char)
        if FIRST <= code <= LAST:
            index = code - FIRST
            out.append(INITIALS[index // 588] + VOWELS[index % 588 // 28] + FINALS[index % 28])
        elif char.isalnum():
            plain = unicodedata.normalize("NFKD", char.casefold())
            out.append("".join(c for c in plain if not unicodedata.combining(c)))
    return "".join(out)


@lru_cache(maxsize=200_000)
def initials(text: str) -> str:
    """홍길동 → ㅎㄱㄷ; Jane Smith → js."""
    out: list[str] = []
    for word in unicodedata.normalize("NFC", text).split():
        hangul = [c for c in word if FIRST <= ord(c) <= LAST]
        if hangul:
            out += [INITIALS[(ord(c) - FIRST) // 588] for c in hangul]
        elif word[:1].isalnum():
            out.append(word[0].casefold())
    return "".join(out)


def only_initials(text: str) -> bool:
    """Whether the text is nothing but initial consonants, as in ㄱㅊㅅ."""
    packed = text.replace(" ", "")
    return bool(packed) and all(c in INITIALS for c in packed)
