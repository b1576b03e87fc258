"""How far apart two short texts are, as SQL and in Python."""

from __future__ import annotations


def edits(column: str, most: str) -> str:
    """SQL: at most so many edits apart (Damerau). What is too unlike for that is told by a cheaper look.

    With 2 edits in 7 characters, or 3 in 10, the likeness is still 0.8.
    """
    return (
        f"(jaro_winkler_similarity({column}_l, {column}_r) >= 0.78"
        f" and damerau_levenshtein({column}_l, {column}_r) <= {most})"
    )


def distance(a: str, b: str) -> int:
    """Levenshtein's distance of two short texts: characters inserted, dropped and changed."""
    above = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (x != y)))
        above = row
    return above[-1]


def turns(a: str, b: str) -> int:
    """Damerau's distance: as Levenshtein's, and two neighbours exchanged count as one."""
    rows = [list(range(len(b) + 1))]
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def near(a: str, b: str) -> bool:
    """One character wrong, missing or too many, or two neighbours exchanged."""
    return a == b or (abs(len(a) - len(b)) < 2 and turns(a, b) <= 1)


def jaro_winkler(a: str, b: str) -> float:
    """Likeness of two words from 0 to 1 (Winkler 1990): letters in common, in order, a common begin.

    As DuckDB's jaro_winkler_similarity: the beginning counts from a likeness of 0.7.
    """
    if not a or not b:
        return 0.0
    reach = max(max(len(a), len(b)) // 2 - 1, 0)
    free = [True] * len(b)
    found = []
    for i, x in enumerate(a):
        for j in range(max(0, i - reach), min(len(b), i + reach + 1)):
            if free[j] and b[j] == x:
                free[j] = False
                found.append(x)
                break
    if not found:
        return 0.0
    other = [y for j, y in enumerate(b) if not free[j]]
    moved = sum(x != y for x, y in zip(found, other, strict=True)) // 2
    same = len(found)
    likeness = (same / len(a) + same / len(b) + (same - moved) / same) / 3
    begin = 0
    for x, y in zip(a[:4], b[:4], strict=False):
        if x != y:
            break
        begin += 1
    return likeness + begin * 0.1 * (1 - likeness) if likeness > 0.7 else likeness


def local(email: str) -> str:
    """What stands before the @."""
    return email.split("@", 1)[0]


NO_VOWELS = str.maketrans("", "", "AEIO")


def consonants(sound: str) -> str:
    """What of a sound is no vowel: romanisations vary in vowels, hardly in these."""
    return sound.translate(NO_VOWELS)
