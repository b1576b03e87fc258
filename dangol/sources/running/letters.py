"""Hangul as other programs have left it: in single letters, or read as Latin ones."""

from __future__ import annotations

from unicodedata import is_normalized, normalize

FEW = 2
"""Syllables that come out: less may be chance."""
LATIN = {"latin-1", "cp1252"}


def odd_letters(cell: str) -> str:
    """What is odd about the letters of a cell; empty when nothing is."""
    if cell.isascii():
        return ""
    if not is_normalized("NFC", cell):
        return "decomposed"
    return "garbled" if put_right(cell) != cell else ""


def put_right(cell: str) -> str:
    """Hangul that was read as Latin letters (ê¹€ì² ìˆ˜, ±èÃ¶¼ö) as it was written; every other text
    as it is. The bytes are Hangul through and through, so that no name of another language is meant."""
    if cell.isascii() or "가" <= max(cell) <= "힣":
        return cell
    for latin in LATIN:
        for encoding in ("utf-8", "euc-kr"):
            try:
                found = cell.encode(latin).decode(encoding)
            except UnicodeError:
                continue
            letters = [letter for letter in found if not letter.isascii()]
            if len(letters) >= FEW and all("가" <= letter <= "힣" for letter in letters):
                return normalize("NFC", found)
    return cell
