"""How far each source is trusted, by field."""

from __future__ import annotations

from dangol.identity.golden.survivorship import Trust
from dangol.sources.queries import trust_by_source


def trust_of_sources() -> Trust:
    """Source: field: rank from 0 to 100."""
    return trust_by_source()
