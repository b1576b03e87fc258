"""Which value of a field survives: verified by contact beats newest beats most trusted source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dangol.customers.hangul import tidy
from dangol.customers.records.models import OURS
from dangol.identity.reading.days import read_birth

FIELDS = (
    "name", "given_name", "family_name", "born_on", "gender", "language", "tier", "note", "home",
)  # fmt: skip
COMPANY_FIELDS = ("registration", "corporate", "owner", "website")
"""Of organisations: explained from the records; the customer's row has no place for them."""
REACH = {"phone": ("phone", "phone2"), "email": ("email",), "address": ("address",)}
"""Ways to reach somebody, with the fields of a record that hold them."""


class Record(Protocol):
    """What survivorship looks at of a record: a SourceRecord, or a few of its columns."""

    pk: int
    source: str
    values: dict[str, Any]
    gone_at: dt.datetime | None

    def since(self, field: str) -> dt.datetime:
        """Since when the source says what it says of a field."""


USUAL_TRUST = 50
Trust = Mapping[str, Mapping[str, int]]
"""Source: field: rank from 0 to 100; what is not there has the usual one."""


@dataclass(frozen=True, slots=True)
class Said:
    """One source's value of a field."""

    value: str
    record_id: int
    source: str
    since: dt.datetime
    trust: int
    verified: bool
    """Somebody here heard it from the customer."""

    @property
    def rank(self) -> tuple[bool, dt.datetime, int, int]:
        """What decides, in this order; the last one only makes it certain."""
        return self.verified, self.since, self.trust, -self.record_id


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
    """All that the sources say of a field, the best first: its first one survives."""
    form = FORMS.get(field, str)
    found = [
        Said(
            value, record.pk, record.source, record.since(field),
            trust.get(record.source, {}).get(field, USUAL_TRUST), record.source == OURS,
        )
        for record in records
        if (value := form(str(record.values.get(field) or "")))
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.rank, reverse=True)


def golden(records: Sequence[Record], trust: Trust) -> dict[str, str]:
    """Each field's surviving value; records that are gone count only when none is left."""
    live = [r for r in records if r.gone_at is None] or records
    kept: dict[str, str] = {}
    for field in FIELDS:
        if values := said(live, field, trust):
            kept[field] = values[0].value
    return kept


def reached(records: Sequence[Record], way: str, trust: Trust) -> list[Said]:
    """Every different way to reach the customer that a source knows, the best first."""
    found: dict[str, Said] = {}
    live = [r for r in records if r.gone_at is None] or records
    for field in REACH[way]:
        for one in said(live, field, trust):
            kept = found.get(one.value)
            if kept is None or kept.rank < one.rank:
                found[one.value] = one
    return sorted(found.values(), key=lambda one: one.rank, reverse=True)
