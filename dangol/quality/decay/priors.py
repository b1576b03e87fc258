"""What is known of decay before the company has checked anything: published rates, with their width.

Addresses: about a quarter a year change hands or house (the figure of the product's own goals).
E-mail: 22.5% a year (MarketingSherpa's benchmark, widely repeated; read in secondary sources).
Phones: 8–18% a year are published for direct numbers, mobiles last longest (secondary sources);
12% is taken. A first value is wrong in 2 of 100 cases, a repeated check errs in 3 of 1,000.
Each is the centre of a log-normal: its width lets some dozens of own checks outweigh it.
"""

from __future__ import annotations

import math

KINDS = ("phone", "email", "address")
YEARLY = {"phone": 0.12, "email": 0.225, "address": 0.25}
"""Share that goes wrong within a year."""
FIRST_WRONG = {"phone": 0.02, "email": 0.02, "address": 0.02}
CHECK_ERRS = 0.003

RATE_WIDTH = 0.5
"""Standard deviation of the logarithm of a kind's rate."""
FIRST_WIDTH = 1.0
SOURCE_WIDTH = 0.5
"""How far sources, ages and verified values differ from the rest, on a logarithm."""

BANDS = (0.0, 1.0, 3.0)
"""Ages at which the hazard changes, in years since the value became known."""


def hazard(share: float) -> float:
    """The rate whose exponential loses this share within one unit."""
    return -math.log1p(-share)
