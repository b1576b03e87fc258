"""Business registration and corporate numbers of staged rows: kept in their records, told in audits."""

from __future__ import annotations

from dangol.imports.kinds import Batch
from dangol.imports.staging import run

NUMBERS = ("registration", "corporate")
SAID = ", ".join(f"'{name}', s.{name}" for name in NUMBERS)
"""What a staged row says, for jsonb_build_object."""
_TOLD = """(SELECT coalesce(jsonb_object_agg(n.name, {told}), '{{}}')
    FROM (VALUES {values}) n (name, said)
    LEFT JOIN customers_sourcerecord r ON r.source = %(source)s AND r.key = s.key
    WHERE n.said IS NOT NULL AND r.values ->> n.name IS DISTINCT FROM n.said)"""
_VALUES = ", ".join(f"('{name}', s.{name})" for name in NUMBERS)


def _told(told: str) -> str:
    return _TOLD.format(told=told, values=_VALUES)


FRESH = f"({_told('n.said')} <> '{{}}')"
"""Whether a staged row says a number that its record does not know."""
CHANGES = _told("jsonb_build_array(r.values -> n.name, n.said)")
"""What changes, for the audit: [before, after] by number."""
BEFORE = _told("r.values -> n.name")
AFTER = _told("n.said")


def name_kind(batch: Batch) -> None:
    """A row that has such a number and does not say its kind is an organisation."""
    if batch.mapped & set(NUMBERS):
        run(
            "UPDATE stage SET kind = 'organisation' WHERE verdict IS NULL AND kind IS NULL"
            " AND target IS NULL AND coalesce(registration, corporate) IS NOT NULL"
        )
