"""Two records as the steward sees them: field by field, with where each value comes from."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from dangol.core.masking import WHOLE, shown_name, shown_words
from dangol.customers.addresses import style_of
from dangol.customers.models import SourceRecord
from dangol.customers.source_names import source_name
from dangol.identity.golden.survivorship import FORMS, live
from dangol.identity.golden.written import (
    TITLES,
    field_of,
    places_of,
    shown_value,
    title_of,
    whole_value,
)
from dangol.identity.models import Question
from dangol.identity.stewarding.differences import Difference, difference, unlike

ALWAYS = {
    "person": ("name", "phone", "email", "born_on", "gender", "address"),
    "organisation": ("name", "registration", "owner", "phone", "email", "address"),
}
"""Fields that stand there even when neither record knows them."""
Steps = Sequence[Sequence[Any]]
READ = {"birth": "born_on"}
"""The field that a comparison reads, where it is called otherwise."""
PARTLY = {"district", "postcode", "postcode_typo", "family", "given", "year"}
"""Outcomes that say only that a part of two values is the same."""
ONE_OF = ("born_on", "gender", "registration", "corporate")
"""What a customer has one of: two customers who say another thing of it are hardly one."""
CLEAR = 3.0
"""Bits from which on a comparison says "nearly the same": eight times as often one as two people."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field of both records."""

    field: str
    title: str | Promise
    found: Difference
    left_since: dt.datetime | None
    right_since: dt.datetime | None
    left_also: list[str] = dataclasses.field(default_factory=list)
    right_also: list[str] = dataclasses.field(default_factory=list)
    speaks_for: bool = False
    """Whether the matching read both as nearly the same, however they are written."""
    speaks_against: bool = False
    other_style: bool = False
    """One address names a road, the other a lot: their letters say nothing of each other."""

    elsewhere: bool = False
    """Whether other records of the two customers contradict each other, where these two do not."""
    masked_alike: bool = False
    """Whether both look the same only for somebody who sees them masked."""

    @property
    def state(self) -> str:
        """same, near, other, style, or one when only one record knows it; elsewhere where it is other
        records that differ."""
        if self.elsewhere:
            return "elsewhere"
        if not self.found.left or not self.found.right:
            return "one"
        if self.found.same and not self.masked_alike:
            return "same"
        if self.other_style:
            return "near" if self.speaks_for else "other" if self.speaks_against else "style"
        if self.masked_alike:
            return "near" if self.speaks_for else "other"
        longest = max(
            sum(len(p.text) for p in side) for side in (self.found.left, self.found.right)
        )
        few = self.speaks_for or self.found.marked == 1 or self.found.marked * 4 <= longest
        return "near" if few else "other"


def lines_of(
    a: SourceRecord, b: SourceRecord, siblings: dict[int, list[SourceRecord]],
    places: dict[str, str] | None = None, steps: Steps = (),
) -> list[Line]:  # fmt: skip
    """Every field that one of them knows, with what each customer's other records say of it.

    `steps` are the comparisons of the pair, [what, outcome, bits], if it was compared.
    """
    if places is None:
        places = places_of([a, b, *(r for rs in siblings.values() for r in rs)])
    found = []
    read_alike = {
        READ.get(str(step[0]), step[0])
        for step in steps
        if float(step[2]) >= CLEAR and step[1] not in PARTLY
    }
    read_apart = {READ.get(str(step[0]), step[0]) for step in steps if float(step[2]) < 0}
    for name, title in TITLES.items():
        left = shown_value(name, a.values.get(name), places)
        right = shown_value(name, b.values.get(name), places)
        apart = differ_elsewhere(name, a, b, siblings)
        if not left and not right and not apart and name not in ALWAYS[a.kind]:
            continue
        turned = _other_style(name, a, b)
        masked = left == right and _whole(name, a, places) != _whole(name, b, places)
        found.append(
            Line(
                name, title, unlike(left, right) if turned else difference(left, right),
                since_of(a, name, left), since_of(b, name, right),
                _also(name, left, siblings.get(a.pk, []), places),
                _also(name, right, siblings.get(b.pk, []), places), name in read_alike, name in read_apart, turned, apart, masked,
            )
        )  # fmt: skip
    return found


def differ_elsewhere(
    name: str, a: SourceRecord, b: SourceRecord, siblings: dict[int, list[SourceRecord]]
) -> bool:
    """Whether the customers of two records that do not differ contradict each other in a field that one
    has one of: each says a value that the other does not, and by more than a slip of one digit."""
    if name not in ONE_OF:
        return False
    left, right = (_said(name, [one]) for one in (a, b))
    if left and right and left != right:
        return False
    left |= _said(name, live(siblings.get(a.pk, [])))
    right |= _said(name, live(siblings.get(b.pk, [])))
    pairs = [(x, y) for x in left - right for y in right - left]
    return bool(pairs) and all(name == "gender" or difference(x, y).marked > 1 for x, y in pairs)


def _said(name: str, records: Sequence[SourceRecord]) -> set[str]:
    """What records say of such a field, in one form; what it cannot be is left out."""
    form = FORMS.get(name) or (lambda text: re.sub(r"\D", "", text))
    return {form(str(r.values.get(name) or "")) for r in records} - {""}


def _other_style(name: str, a: SourceRecord, b: SourceRecord) -> bool:
    """Whether one address names a road and the other a lot."""
    styles = {style_of(str(record.values.get(name) or "")) for record in (a, b)}
    return field_of(name) == "address" and styles == {"road", "lot"}


def since_of(record: SourceRecord, name: str, shown: str) -> dt.datetime | None:
    """When a value came, where that was after the record itself."""
    return record.since(name) if shown and name in record.times else None


def _whole(name: str, record: SourceRecord, places: dict[str, str]) -> str:
    return whole_value(name, record.values.get(name), places)


def _also(name: str, shown: str, records: list[SourceRecord], places: dict[str, str]) -> list[str]:
    told = (shown_value(name, r.values.get(name), places) for r in records)
    return [v for v in dict.fromkeys(told) if v and v != shown][:3]


def siblings_of(question: Question) -> dict[int, list[SourceRecord]]:
    """The other records of each one's customer."""
    owners = [question.a.customer_id, question.b.customer_id]
    ours = (question.a_id, question.b_id)
    others = SourceRecord.objects.filter(customer__in=owners).exclude(pk__in=ours)[:60]
    found: dict[int, list[SourceRecord]] = {question.a_id: [], question.b_id: []}
    for one in others:
        for mine in (question.a, question.b):
            if one.customer_id == mine.customer_id:
                found[mine.pk].append(one)
    return found


def comes_raw(record: SourceRecord) -> bool:
    """Whether this person sees the cells as they came, under the names that the source gave them."""
    return bool(record.raw) and WHOLE.get()


def raw_of(record: SourceRecord, places: dict[str, str] | None = None) -> list[tuple[str, str]]:
    """The cells as they came, for those who see everything; else what may be shown of them."""
    if record.raw and comes_raw(record):
        return [(str(k), str(v)) for k, v in record.raw.items() if v not in (None, "")]
    known = places or {}
    return [
        (
            title_of(str(k)),
            shown_value(str(k), v, known) if field_of(str(k)) in TITLES else shown_words(str(v)),
        )
        for k, v in record.values.items()
        if v not in (None, "")
    ]


def head_of(record: SourceRecord, places: dict[str, str] | None = None) -> dict[str, Any]:
    """Where a record comes from, and since when."""
    return {
        "record": record, "source": source_name(record.source), "raw": raw_of(record, places), "as_came": comes_raw(record),
        "since": record.as_of or record.first_seen_at, "customer": record.customer, "name": shown_name(str(record.values.get("name") or record.key)),
    }  # fmt: skip
