"""Names of organisations without their legal form, in one form for Hangul and Latin letters."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from dangol.identity.reading.company_words import (
    BRANCH,
    BUSINESS,
    FORM_BEFORE,
    FORM_BEHIND,
    HEAD,
    LATIN_BRANCH,
    LATIN_FORMS,
    LETTERS,
    SHORT_FORM,
)
from dangol.identity.reading.names import FIRST, LAST, coded, sound_of_hangul, sound_of_latin

TOKEN = re.compile(r"[가-힣]+|[a-z]+|\d+")
DOTTED = re.compile(r"\b([a-z])\.(?=[a-z]\b)")
VOWELLESS = re.compile(r"[^aeiou]{1,4}")
SHOUTED = re.compile(r"\b[A-Z]{2,3}\b")


@dataclass(frozen=True, slots=True)
class CompanyName:
    """An organisation's name taken apart."""

    whole: str
    """Letters of the name alone: what is compared letter by letter."""
    sound: str
    """How it sounds, the same from Hangul, Latin letters and English business words."""
    latin: bool
    """Whether letters are left that were not turned into Hangul."""
    branch: str
    """How the place of a branch sounds, "" for the head office and where none is named."""


NO_NAME = CompanyName("", "", False, "")


@lru_cache(maxsize=200_000)
def read_company(text: str) -> CompanyName:
    """㈜삼성전자 강남지점, Samsung Electronics Co., Ltd. (Gangnam Branch) → one name, one branch."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFC", text))
    shouted = {word.lower() for word in SHOUTED.findall(plain)} if not plain.isupper() else set()
    name = " ".join(plain.casefold().replace("&", " and ").split())
    name = re.sub(r"^the\s+", "", DOTTED.sub(r"\1", name))
    name, branch = cut_branch(SHORT_FORM.sub(" ", name).strip())
    tokens = without_forms(TOKEN.findall(cut_forms(name)))
    spoken = [said_in_hangul(token, shouted) for token in tokens]
    spoken = [token for token in spoken if token]
    if not spoken:
        return NO_NAME
    return CompanyName(
        "".join(_letters(t) for t in spoken),
        heard(spoken),
        any(t.isascii() and t.isalpha() for t in spoken),
        branch,
    )


def cut_forms(name: str) -> str:
    """The name without legal forms before and behind it, as long as something is left."""
    while True:
        shorter = FORM_BEHIND.sub("", FORM_BEFORE.sub("", name)).strip()
        if not shorter or shorter == name:
            return name
        name = shorter


def without_forms(tokens: list[str]) -> list[str]:
    """The words of a name without Inc., Co., Ltd. behind them."""
    while len(tokens) > 1 and tokens[-1] in LATIN_FORMS:
        tokens = tokens[:-1]
    return tokens


def cut_branch(name: str) -> tuple[str, str]:
    """The name, and the branch that stood behind it."""
    if found := BRANCH.search(name):
        place = found["apart"] if found["what"] else found["place"]
        what = found["what"] or found["what2"]
        before = name[: found.start()].strip(" (,")
        if before:
            return before, "" if what in HEAD else heard(TOKEN.findall(place or what))
    if found := LATIN_BRANCH.search(name):
        before = name[: found.start()].strip(" (,-")
        if before:
            head = found["head"] or found["place"] in HEAD
            return before, "" if head else heard(TOKEN.findall(found["place"]))
    return name, ""


def said_in_hangul(token: str, shouted: set[str]) -> str:
    """A word as a Korean name says it: electronics is 전자, lg is 엘지; others as they are."""
    if not token.isascii() or token.isdigit():
        return token
    if token in BUSINESS:
        return BUSINESS[token]
    if VOWELLESS.fullmatch(token) or token in shouted:
        return "".join(LETTERS[c] for c in token)
    return token


def _letters(token: str) -> str:
    return coded(token) if FIRST <= ord(token[0]) <= LAST else token


def heard(tokens: list[str]) -> str:
    """How words sound together; the same sound twice is heard once."""
    return re.sub(r"([A-Z])\1+", r"\1", "".join(_sound(token) for token in tokens))


def _sound(token: str) -> str:
    if FIRST <= ord(token[0]) <= LAST:
        return sound_of_hangul(token)
    return token if token.isdigit() else sound_of_latin(re.sub("a[iy]", "e", token))
