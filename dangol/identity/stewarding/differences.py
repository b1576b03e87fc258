"""Two values laid side by side, with what differs marked to the character, and to the letter in Hangul."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

FIRST, LAST = 0xAC00, 0xD7A3
INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
FINALS = ("", *"ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ")


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that stand alike in both values, or do not."""

    text: str
    same: bool
    letters: str = ""
    """Of one syllable that differs: which letters, as ㅕ → ㅓ."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Two values in pieces."""

    left: tuple[Piece, ...]
    right: tuple[Piece, ...]
    marked: int
    """How many characters differ, of the value where more do."""

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return self.marked == 0

    @property
    def letters(self) -> list[str]:
        """The letters that differ, where syllables differ in letters."""
        return [piece.letters for piece in self.left if piece.letters]


def letters_of(syllable: str) -> tuple[str, str, str] | None:
    """The letters of a Hangul syllable; None for any other character."""
    if not FIRST <= ord(syllable) <= LAST:
        return None
    index = ord(syllable) - FIRST
    return INITIALS[index // 588], VOWELS[index % 588 // 28], FINALS[index % 28]


def cost(a: str, b: str) -> float:
    """How much two characters differ, from 0 to 1: a syllable by its letters."""
    if a == b:
        return 0.0
    one, other = letters_of(a), letters_of(b)
    if one and other:
        return 0.2 + 0.25 * sum(x != y for x, y in zip(one, other, strict=True))
    return 1.0


def differing_letters(a: str, b: str) -> str:
    """Which letters of two syllables differ, as ㅕ → ㅓ; "" when all or none do."""
    one, other = letters_of(a), letters_of(b)
    if not one or not other:
        return ""
    pairs = [(x, y) for x, y in zip(one, other, strict=True) if x != y]
    if not 0 < len(pairs) < 3:
        return ""
    return ", ".join(f"{x or '∅'} → {y or '∅'}" for x, y in pairs)


def difference(left: str, right: str) -> Difference:
    """Lay two values side by side so that as little as possible differs."""
    a, b = unicodedata.normalize("NFC", left), unicodedata.normalize("NFC", right)
    if a == b:
        both = (Piece(a, True),) if a else ()
        return Difference(both, both, 0)
    if not a or not b:
        return Difference(_whole(a), _whole(b), max(len(a), len(b)))
    ones, others = [], []
    for x, y in aligned(a, b):
        letters = differing_letters(x, y) if x and y and x != y else ""
        turned = differing_letters(y, x) if letters else ""
        if x:
            ones.append(Piece(x, x == y, letters))
        if y:
            others.append(Piece(y, x == y, turned))
    marked = max(sum(not p.same for p in ones), sum(not p.same for p in others))
    return Difference(_joined(ones), _joined(others), marked)


def unlike(left: str, right: str) -> Difference:
    """Two values of which no character is held against the other: they are written by other rules."""
    pieces = tuple((Piece(text, True),) if text else () for text in (left, right))
    return Difference(pieces[0], pieces[1], max(len(left), len(right)))


def aligned(a: str, b: str) -> list[tuple[str, str]]:
    """Characters of both in pairs; "" where one has none (Needleman and Wunsch 1970)."""
    gap = 0.6
    rows = [[j * gap for j in range(len(b) + 1)]]
    for i, x in enumerate(a, 1):
        row = [i * gap]
        for j, y in enumerate(b, 1):
            row.append(min(rows[-1][j - 1] + cost(x, y), rows[-1][j] + gap, row[-1] + gap))
        rows.append(row)
    pairs, i, j = [], len(a), len(b)
    while i or j:
        here = rows[i][j]
        if i and j and abs(here - rows[i - 1][j - 1] - cost(a[i - 1], b[j - 1])) < 1e-9:
            i, j = i - 1, j - 1
            pairs.append((a[i], b[j]))
        elif i and abs(here - rows[i - 1][j] - gap) < 1e-9:
            i -= 1
            pairs.append((a[i], ""))
        else:
            j -= 1
            pairs.append(("", b[j]))
    return pairs[::-1]


def _whole(text: str) -> tuple[Piece, ...]:
    return (Piece(text, False),) if text else ()


def _joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    """Neighbours of one kind become one piece; syllables with their letters stay alone."""
    found: list[Piece] = []
    for piece in pieces:
        last = found[-1] if found else None
        if last and last.same == piece.same and not last.letters and not piece.letters:
            found[-1] = Piece(last.text + piece.text, piece.same)
        else:
            found.append(piece)
    return tuple(found)
