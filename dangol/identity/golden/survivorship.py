"""Which value of a field survives: what a person here wrote or verified by contact beats newest beats
most trusted source."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dangol.customers.hangul import tidy
from dangol.customers.records.models import OURS, WAYS, fields_of_way
from dangol.identity.reading.days import read_birth

FIELDS = (
    "name", "given_name", "family_name", "born_on", "gender", "language", "tier", "note", "home",
)  # fmt: skip
COMPANY_FIELDS = ("registration", "corporate", "owner", "website")
"""Of organisations: explained from the records; the customer's row has no place for them."""
REACH = tuple(WAYS)
"""Ways to reach somebody; a record has one or more fields for each."""
EMPTY: dict[str, Any] = {"born_on": None, "language": "ko"}
"""What stands in the customer's row where no source says anything; elsewhere nothing."""
KEPT = ("name", "home")
"""What stays as it was when nobody says it any more: a customer has a name, and the home site decides
who sees the customer and is named by purchases too."""


class Record(Protocol):
    """What survivorship looks at of a record: a SourceRecord, or a few of its columns."""

    pk: int
    source: str
    values: dict[str, Any]
    gone_at: dt.datetime | None

    @property
    def direct(self) -> bool:
        """Whether the source itself was read: its first reading says nothing of a value's age."""

    def since(self, field: str) -> dt.datetime | None:
        """Since when the source says what it says of a field; None: nobody knows."""


USUAL_TRUST = 50
LONG_AGO = dt.datetime.min.replace(tzinfo=dt.UTC)
Trust = Mapping[str, Mapping[str, int]]
"""Source: field: rank from 0 to 100; what is not there has the usual one."""


type Rank = tuple[bool, dt.datetime, int, int]


@dataclass(frozen=True, slots=True)
class Said:
    """One source's value of a field."""

    value: str
    record_id: int
    source: str
    since: dt.datetime | None
    """None: nobody knows; it counts as older than all that is known, and as old as its like."""
    trust: int
    verified: bool
    """Somebody here wrote it: heard from the customer, or put right by hand."""
    direct: bool = False
    """The source itself was read."""

    @property
    def undated(self) -> bool:
        """Whether nobody knows how old it is."""
        return self.direct and self.since is None

    @property
    def rank(self) -> Rank:
        """What decides, in this order; the last one only makes it certain."""
        return self.verified, self.since or LONG_AGO, self.trust, -self.record_id


def _day(text: str) -> str:
    digits = read_birth(text, dt.date.today().year)
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if digits else ""


FORMS: dict[str, Callable[[str], str]] = {
    "born_on": _day,
    "gender": lambda text: {"m": "m", "f": "f", "남": "m", "여": "f"}.get(text[:1].lower(), ""),
    "name": tidy,
}
"""One form of a field's value; "" for what it cannot be: that never survives."""


def said(records: Iterable[Record], field: str, trust: Trust) -> list[Said]:
    """All that the sources say of a field, the best first: its first one survives. Of equally good
    values what most records say comes first."""
    form = FORMS.get(field, str)
    found = [
        Said(
            value, record.pk, record.source, record.since(field),
            trust.get(record.source, {}).get(field, USUAL_TRUST), record.source == OURS,
        )
        for record in records
        if (value := form(str(record.values.get(field) or "")))
    ]  # fmt: skip
    many = Counter(one.value for one in found) if len(found) > 2 else {}
    return sorted(
        found, key=lambda one: (*one.rank[:3], many.get(one.value, 1), one.rank[3]), reverse=True
    )


def live[R: Record](records: Iterable[R]) -> list[R]:
    """The records that their sources still have: no other speaks for the customer."""
    return [record for record in records if record.gone_at is None]


def golden(records: Sequence[Record], trust: Trust) -> dict[str, str]:
    """Each field's surviving value; what no source says is not there."""
    speaking = live(records)
    kept: dict[str, str] = {}
    for field in FIELDS:
        if values := said(speaking, field, trust):
            kept[field] = values[0].value
    return kept


def reached(records: Iterable[Record], way: str, trust: Trust) -> list[Said]:
    """Every different way to reach the customer that these records know, the best first.

    What a check said of it is not looked at here: that is known of the contact point.
    """
    found: dict[str, Said] = {}
    for record in records:
        trusted = trust.get(record.source, {})
        for field in fields_of_way(way, record.values):
            value = str(record.values[field] or "")
            if not value:
                continue
            rank = trusted.get(field, trusted.get(way, USUAL_TRUST))
            one = Said(
                value, record.pk, record.source, record.since(field), rank, False, record.direct
            )
            kept = found.get(value)
            if kept is None or kept.rank < one.rank:
                found[value] = one
    return sorted(found.values(), key=lambda one: one.rank, reverse=True)
