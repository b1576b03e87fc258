"""Money as locals write it."""

import pytest

from dangol.core.money import compact_money, shown_money


@pytest.mark.parametrize(
    ("amount", "currency", "language", "shown", "compact"),
    [
        (4_546_498_055, "KRW", "ko", "₩4,546,498,055", "45.5억 원"),
        (9_800, "KRW", "ko", "₩9,800", "9,800원"),
        (345_678, "KRW", "ko", "₩345,678", "34.6만 원"),
        (45_460_000, "KRW", "ko", "₩45,460,000", "4,546만 원"),
        (99_999_999, "KRW", "ko", "₩99,999,999", "1.00억 원"),
        (-120_000_000, "KRW", "ko", "-₩120,000,000", "-1.20억 원"),
        (1_234_567_890_123, "KRW", "ko", "₩1,234,567,890,123", "1.23조 원"),
        (1_234_567, "USD", "ko", "US$1,234,567.00", "US$123만"),
        (4_546_498_055, "KRW", "en", "₩4,546,498,055", "₩4.55B"),
        (1234.5, "USD", "en", "$1,234.50", "$1,234.50"),
        (12_345_678, "USD", "en", "$12,345,678.00", "$12.3M"),
        (-19_000_000_000, "KRW", "en", "-₩19,000,000,000", "-₩19.0B"),
    ],
)
def test_money_is_written_whole_or_short(amount, currency, language, shown, compact):
    assert shown_money(amount, currency, language) == shown
    assert compact_money(amount, currency, language) == compact
