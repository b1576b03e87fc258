"""Money as locals write it."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_compact_currency, format_currency
from django.utils.translation import get_language


def shown_money(amount: Decimal | int | float, currency: str, language: str | None = None) -> str:
    """1234000, KRW → ₩1,234,000 in either language; cents only where the currency has them."""
    return format_currency(amount, currency, locale=(language or get_language() or "ko")[:2])


def compact_money(amount: Decimal | int | float, currency: str, language: str | None = None) -> str:
    """4546498055, KRW → ₩45.5억 in Korean, ₩4.5B in English: for figures that stand alone."""
    locale = (language or get_language() or "ko")[:2]
    return format_compact_currency(amount, currency, locale=locale, fraction_digits=1)
