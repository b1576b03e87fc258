"""Money as locals write it."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency, get_currency_symbol
from django.utils.translation import get_language


def shown_money(amount: Decimal | int | float, currency: str, language: str | None = None) -> str:
    """1234000, KRW → ₩1,234,000 in either language; cents only where the currency has them."""
    return format_currency(amount, currency, locale=(language or get_language() or "ko")[:2])


WHOLE = 100_000
"""Amounts below are written whole: short ones would lose what people look at."""
MYRIADS = ((10**12, "조"), (10**8, "억"), (10**4, "만"))


THOUSANDS = ((10**12, "T"), (10**9, "B"), (10**6, "M"), (10**3, "K"))


def places_for(number: float) -> int:
    """How many decimals leave three figures that count."""
    return 2 if number < 9.995 else 1 if number < 99.95 else 0


def in_units(amount: Decimal | int | float, units: tuple[tuple[int, str], ...]) -> str:
    """4546498055 → 45.5억 by tens of thousands, as Koreans count; 4.55B by thousands."""
    for size, name in units:
        number = float(abs(amount)) / size
        if number >= 0.99995:
            return f"{'-' if amount < 0 else ''}{number:,.{places_for(number)}f}{name}"
    return f"{round(amount):,}"


def compact_money(amount: Decimal | int | float, currency: str, language: str | None = None) -> str:
    """4546498055, KRW → 45.5억 원 in Korean, ₩4.55B in English; small amounts whole."""
    locale = (language or get_language() or "ko")[:2]
    if locale == "ko" and currency == "KRW":
        short = abs(amount) >= WHOLE
        return f"{in_units(amount, MYRIADS)} 원" if short else f"{round(amount):,}원"
    if abs(amount) < WHOLE:
        return format_currency(amount, currency, locale=locale)
    sign, whole = "-" if amount < 0 else "", abs(amount)
    units = MYRIADS if locale == "ko" else THOUSANDS
    return f"{sign}{get_currency_symbol(currency, locale=locale)}{in_units(whole, units)}"
