"""Money as locals write it."""

import pytest

from dangol.core.money import compact_money, shown_money


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown", "compact"),
    [
        (4_546_498_055, "KRW", "ko", "₩4,546,498,055", "₩45.5억"),
        (4_546_498_055, "KRW", "en", "₩4,546,498,055", "₩4.5B"),
        (1234.5, "USD", "en", "$1,234.50", "$1.2K"),
    ],
)
def test_money_is_written_whole_or_short(amount, currency, language, shown, compact):
    assert shown_money(amount, currency, language) == shown
    assert compact_money(amount, currency, language) == compact
