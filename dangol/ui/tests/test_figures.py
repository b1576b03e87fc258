"""Figures are rounded as people and spreadsheets round, never cut."""

from decimal import Decimal

import pytest

from dangol.ui.templatetags.measures import figures


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (82.784, 1, "82.8"), (85.92, 1, "85.9"), (82.05, 1, "82.1"), (-0.95, 1, "-1.0"),
        (1234567.5, 0, "1,234,568"), (Decimal("0.25"), 1, "0.3"), (12, 0, "12"), (None, 1, "–"),
        ("", 0, "–"), (1e-9, 2, "0.00"), (10**22, 0, "10,000,000,000,000,000,000,000"),
    ],
)  # fmt: skip
def test_figures(value, digits, shown):
    assert figures(value, digits) == shown
