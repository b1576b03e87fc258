"""Korean words in Latin letters, letter by letter (Revised Romanisation), for keys that people can read."""

from __future__ import annotations

FIRST = [
    "g",
    "kk",
    "n",
    "d",
    "tt",
    "r",
    "m",
    "b",
    "pp",
    "s",
    "ss",
    "-",
    "j",
    "jj",
    "ch",
    "k",
    "t",
    "p",
    "h",
]
MIDDLE = [
    "a",
    "ae",
    "ya",
    "yae",
    "eo",
    "e",
    "yeo",
    "ye",
    "o",
    "wa",
    "wae",
    "oe",
    "yo",
    "u",
    "wo",
    "we",
    "wi",
    "yu",
    "eu",
    "ui",
    "i",
]
LAST = [
    "-",
    "k",
    "k",
    "k",
    "n",
    "n",
    "n",
    "t",
    "l",
    "k",
    "m",
    "p",
    "l",
    "l",
    "p",
    "l",
    "m",
    "p",
    "p",
    "t",
    "t",
    "ng",
    "t",
    "t",
    "k",
    "t",
    "p",
    "t",
]
BEGIN, END = ord("가"), ord("힣")


def romanised(text: str) -> str:
    """사용 개월 → sayong gaewol; what is no syllable of Hangul stays as it is."""
    return "".join(syllable(c) if BEGIN <= ord(c) <= END else c for c in text)


def syllable(letter: str) -> str:
    """One syllable."""
    place = ord(letter) - BEGIN
    first, middle, last = place // 588, place % 588 // 28, place % 28
    return (FIRST[first] + MIDDLE[middle] + LAST[last]).replace("-", "")
