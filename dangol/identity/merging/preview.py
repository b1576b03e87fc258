"""What a merge or a split would move, in numbers and words, before anybody does it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dangol.identity.golden.told import records_of
from dangol.identity.merging.belongings import belongings, between, counts, doubles
from dangol.identity.merging.history import done_by, present_of
from dangol.identity.merging.parting import Parting, parting_of
from dangol.identity.merging.taking import wider_consents
from dangol.identity.models import Merge, Split

ORDER = (
    "customers_sourcerecord", "customers_contactpoint", "interactions_interaction", "cases_case",
    "surveys_response", "purchases_transaction", "purchases_ownership", "campaigns_target", "customers_relation",
    "customers_attributevalue",
)  # fmt: skip
SILENT = {
    "interactions_thread", "scores_score", "scores_exposure", "scores_outcome",
    "segments_membership", "segments_change", "segments_listed", "campaigns_decision",
}  # fmt: skip
"""Rows that nobody would call something of the customer's: they move, and are not spoken of."""


def table_words(table: str, number: int) -> str:
    """So many rows of a table, as a person calls them."""
    words = {
        "customers_sourcerecord": ngettext("%(n)s record", "%(n)s records", number),
        "customers_contactpoint": ngettext("%(n)s contact point", "%(n)s contact points", number),
        "interactions_interaction": ngettext("%(n)s conversation", "%(n)s conversations", number),
        "cases_case": ngettext("%(n)s case", "%(n)s cases", number),
        "surveys_response": ngettext("%(n)s survey answer", "%(n)s survey answers", number),
        "purchases_transaction": ngettext("%(n)s transaction", "%(n)s transactions", number),
        "purchases_ownership": ngettext("%(n)s thing owned", "%(n)s things owned", number),
        "campaigns_target": ngettext("%(n)s planned call", "%(n)s planned calls", number),
        "customers_relation": ngettext("%(n)s relation", "%(n)s relations", number),
        "customers_attributevalue": ngettext("%(n)s attribute", "%(n)s attributes", number),
    }
    found = words.get(table) or ngettext("%(n)s other row", "%(n)s other rows", number)
    return found % {"n": number}


def in_words(found: dict[str, int]) -> list[str]:
    """Numbers by table as short phrases, what matters most first."""
    known = [t for t in ORDER if t in found]
    rest = sum(n for t, n in found.items() if t not in ORDER and t not in SILENT)
    told = [table_words(table, found[table]) for table in known]
    return [*told, table_words("", rest)] if rest else told


def merge_moves(other: uuid.UUID, survivor: uuid.UUID | None = None) -> list[str]:
    """What would move to the survivor if this customer were taken in; what the survivor has too, does
    not."""
    found = {table: n for table, n in counts(other).items() if table not in SILENT}
    for one in belongings() if survivor else []:
        if one.table in found:
            found[one.table] -= len(doubles(one, survivor, other, ending=False))
    if survivor and "customers_relation" in found:
        found["customers_relation"] -= len(between(survivor, other))
    if survivor and "customers_attributevalue" in found:
        found["customers_attributevalue"] += len(wider_consents(survivor, other))
    return in_words({k: n for k, n in found.items() if n > 0}) or [_("nothing but the name")]


def split_moves(customer: uuid.UUID, records: Sequence[int]) -> list[str]:
    """What would go along with these records of a customer."""
    return moves_of(parting_of(customer, records, records_of(customer)))


def moves_of(parting: Parting) -> list[str]:
    """What goes along when records of a customer are split off."""
    found = {"customers_sourcerecord": len(parting.going)}
    for one, keys in parting.along:
        found[one.table] = found.get(one.table, 0) + len(keys)
    return in_words(found)


def moved_by(deed: Merge | Split) -> list[str]:
    """What a merge or a split moved when it was done, whatever was undone since."""
    if isinstance(deed, Merge):
        return in_words(done_by(deed).moved)
    moved = {"customers_sourcerecord": len(deed.records)}
    for table, _column, keys in deed.rows:
        moved[table] = moved.get(table, 0) + len(keys)
    return in_words(moved)


def given_back_by(merge: Merge) -> list[str]:
    """What undoing a merge would give back now."""
    return in_words(present_of(merge).moved)
