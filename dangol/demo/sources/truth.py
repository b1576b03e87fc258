"""Whose each record of the thirty databases really is, lent to the page that scores the matching."""

from __future__ import annotations

from dangol.customers.models import SourceRecord
from dangol.demo.sources.cutting import true_customers, truth_file


def whose_records() -> dict[int, str] | None:
    """Record: the customer whom it really speaks of; None while no databases were cut."""
    if not truth_file().exists():
        return None
    true = true_customers()
    sources = {source for source, _key in true}
    rows = SourceRecord.objects.filter(source__in=sources).values_list("pk", "source", "key")
    found = {pk: true[source, key] for pk, source, key in rows.iterator() if (source, key) in true}
    return found or None
