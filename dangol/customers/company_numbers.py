"""Numbers under which the state knows an organisation: business registration and corporate number."""

from __future__ import annotations

import re
import unicodedata

WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
"""Of the first nine digits (National Tax Service); the ninth product adds its tens once more."""
CORPORATE_KINDS = {"11", "12", "13", "14", "15", "21", "22", *map(str, range(31, 87))}
"""Digits five and six of a corporate number: what kind of body it is (register rules, annex)."""


def digits_of(text: str) -> str:
    """The digits of a number, of full width too."""
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))


def registration_holds(digits: str) -> bool:
    """Whether ten digits are a business registration number: the last one checks the others."""
    if len(digits) != 10 or len(set(digits)) == 1:
        return False
    numbers = [int(d) for d in digits]
    total = sum(n * w for n, w in zip(numbers, WEIGHTS, strict=False)) + numbers[8] * 5 // 10
    return (10 - total % 10) % 10 == numbers[9]


def read_registration(text: str) -> str:
    """Ten digits that hold; "" for everything else."""
    digits = digits_of(text)
    return digits if registration_holds(digits) else ""


def read_corporate(text: str) -> str:
    """The thirteen digits of a corporate number; "" for what cannot be one.

    Numbers given since 2025 have no check digit any more, so that only their build is looked at.
    """
    digits = digits_of(text)
    return digits if len(digits) == 13 and digits[4:6] in CORPORATE_KINDS else ""


def corporate_holds(digits: str) -> bool:
    """Whether the last digit of a corporate number checks the others, as all given until 2024 do."""
    total = sum(int(d) * (1 + at % 2) for at, d in enumerate(digits[:12]))
    return len(digits) == 13 and (10 - total % 10) % 10 == int(digits[12])


def check_digit(nine: str) -> str:
    """The digit that belongs behind nine."""
    return next(d for d in "0123456789" if registration_holds(nine + d))


def registration_words(text: str) -> str:
    """124-81-00998; what is no ten digits as it stands."""
    digits = digits_of(text)
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if len(digits) == 10 else text


def corporate_words(text: str) -> str:
    """130111-0006246; what is no thirteen digits as it stands."""
    digits = digits_of(text)
    return f"{digits[:6]}-{digits[6:]}" if len(digits) == 13 else text
