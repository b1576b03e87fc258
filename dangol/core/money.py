"""Money as locals write it."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_currency
from django.utils.translation import get_language


def shown_money(amount: Decimal | int | float, currency: str, language: str | None = None) -> str:
    """1234000, KRW → ₩1,234,000 in either language; cents only where the currency has them."""
    return format_currency(amount, currency, locale=(language or get_language() or "ko")[:2])
