"""Which contact points a customer has, and which of them is used first.

What a person chose comes first, then what was verified, the latest check before the others, then the
newest, then the most trusted source; what was found wrong comes last and is never used first.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from dangol.customers.addresses import parts_of
from dangol.customers.contact_values import contact_value, phone_tail
from dangol.customers.homes import home_of
from dangol.customers.models import ContactPoint, EndedFor
from dangol.customers.records.models import BY_HAND
from dangol.identity.golden.same_way import answers, firmest
from dangol.identity.golden.survivorship import (
    LONG_AGO,
    REACH,
    USUAL_TRUST,
    Rank,
    Record,
    Said,
    Trust,
    live,
    reached,
)

type PointRank = tuple[bool, dt.datetime, bool, dt.datetime, Rank, int]


@dataclass(slots=True)
class Reach:
    """What becomes of the contact points of one customer."""

    made: list[ContactPoint] = field(default_factory=list)
    changed: list[ContactPoint] = field(default_factory=list)
    heard: list[ContactPoint] = field(default_factory=list)
    """Verified, and no longer said by any source: our own record says it from now on."""
    changes: dict[str, list[str | None]] = field(default_factory=dict)
    """For the audit: [what went, what came] by kind."""


def wanted_values(
    records: Sequence[Record], way: str, trust: Trust, known: Sequence[ContactPoint] = ()
) -> dict[str, Said]:
    """Values as contact points hold them, with the best record of each, the best first. Of several
    spellings of one home that which a contact point has already, or the best one."""
    found: dict[str, Said] = {}
    for one in reached(live(records), way, trust):
        try:
            found.setdefault(contact_value(way, one.value), one)
        except ValidationError:
            continue
    kept: dict[str, Said] = {}
    for value, spelling in spellings(way, list(found), known).items():
        kept.setdefault(spelling, found[value])
    return kept


def spellings(way: str, values: list[str], known: Sequence[ContactPoint]) -> dict[str, str]:
    """Each value with the one spelling that its home has: its firmest contact point's, or that which
    says most of it. Who says less of a home (no unit, no block) speaks of no other one."""
    if way != "address" or len(values) + len(known) < 2:
        return {value: value for value in values}
    held = firmest(p for p in known if p.ended_for != EndedFor.DOUBLE)
    return {value: _spelling(value, values, held) for value in values}


def _spelling(value: str, values: list[str], held: Sequence[ContactPoint]) -> str:
    home = home_of(value)
    fuller = [one for one in values if home_of(one).covers(home)]
    most = max(fuller, key=lambda one: len(home_of(one).unit.lstrip("=")), default=value)
    point = next((p for p in held if answers(p, "address", most)), None) or next(
        (p for p in held if (p.checked_at or p.source in BY_HAND) and answers(p, "address", value)),
        None,
    )
    return point.value if point else most


def reach(
    customer: uuid.UUID, records: Sequence[Record], known: Sequence[ContactPoint], trust: Trust,
    now: dt.datetime,
) -> Reach:  # fmt: skip
    """Contact points follow the records: what a source says is there, what none says any more ends,
    unless somebody here verified it or wrote it down; what a person ended stays ended."""
    found = Reach()
    for way in REACH:
        mine = [point for point in known if point.kind == way]
        wanted = wanted_values(records, way, trust, mine)
        open_ = {point.value: point for point in mine if point.ended_at is None}
        for value, point in list(open_.items()):
            if value not in wanted and _leaves(point, found):
                point.ended_at, point.ended_for = now, EndedFor.SOURCE
                point.preferred = False
                _note(found, point, way, went=open_.pop(value).value)
        for value, one in wanted.items():
            if value not in open_ and (point := _come(customer, way, value, one, mine, found)):
                open_[value] = point
        _prefer(way, open_, wanted, found)
    return found


def _leaves(point: ContactPoint, found: Reach) -> bool:
    if point.source in BY_HAND:
        return False
    if point.state == "verified":
        found.heard.append(point)
        return False
    return True


def _come(
    customer: uuid.UUID, way: str, value: str, one: Said, mine: Sequence[ContactPoint], found: Reach
) -> ContactPoint | None:  # fmt: skip
    """The contact point of a value that is said: a new one, or the one that had left with its source."""
    before = [p for p in mine if p.value == value and p.ended_for != EndedFor.DOUBLE]
    if any(p.ended_for != EndedFor.SOURCE for p in before):
        return None
    if before:
        point = max(before, key=lambda p: (p.ended_at or LONG_AGO, p.pk))
        point.ended_at, point.ended_for = None, ""
        _note(found, point, way, came=value)
        return point
    point = ContactPoint(
        customer_id=customer, kind=way, value=value, source=one.source,
        tail=phone_tail(value) if way == "phone" else "",
        parts=parts_of(value) if way == "address" else {},
        said_since=one.since, undated=one.undated,
    )  # fmt: skip
    found.made.append(point)
    found.changes[way] = [found.changes.get(way, [None, None])[0], value]
    return point


def _note(
    found: Reach, point: ContactPoint, way: str, went: str | None = None, came: str | None = None
) -> None:
    if point not in found.changed:
        found.changed.append(point)
    was, now = found.changes.get(way, [None, None])
    found.changes[way] = [went or was, came or now]


def _prefer(
    way: str, open_: dict[str, ContactPoint], wanted: dict[str, Said], found: Reach
) -> None:
    """Exactly one of those that can be used comes first."""
    places = {value: -at for at, value in enumerate(wanted)}
    usable = [p for p in open_.values() if p.state not in ("wrong", "moved")]
    first = max(
        usable,
        key=lambda p: (rank_of(p, wanted.get(p.value), places.get(p.value, -99)), p.pk),
        default=None,
    )
    before = [p.value for p in open_.values() if p.preferred]
    for point in open_.values():
        if point.preferred != (point is first):
            point.preferred = point is first
            if point not in found.made and point not in found.changed:
                found.changed.append(point)
    if first and before and first.value not in before:
        found.changes[f"preferred_{way}"] = [before[0], first.value]


def rank_of(point: ContactPoint, said: Said | None, place: int = 0) -> PointRank:
    """What decides between two contact points, in this order."""
    verified = point.state == "verified"
    known = said.rank if said else (False, point.created_at, USUAL_TRUST, 0)
    return (
        point.state not in ("wrong", "moved"),
        point.chosen_at or LONG_AGO,
        verified,
        (point.checked_at or LONG_AGO) if verified else LONG_AGO,
        known,
        place,
    )
