"""What the one customer will say, before two are merged."""

from __future__ import annotations

from collections.abc import Sequence

from dangol.customers.models import Customer, SourceRecord
from dangol.identity.golden.told import Explained, explained
from dangol.identity.golden.trust import trust_of_sources


def outcome(
    survivor: Customer, mine: Sequence[SourceRecord], theirs: Sequence[SourceRecord]
) -> list[Explained]:
    """The fields on which the records of two customers differ, decided as they will be."""
    return [
        line for line in explained(survivor, [*mine, *theirs], trust_of_sources())
        if line.kept and line.losers
    ]  # fmt: skip
