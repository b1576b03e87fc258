"""The golden record explained: each value, where it came from, what it won over, and what was refused."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from dangol.customers.models import ContactPoint, Customer, SourceRecord
from dangol.customers.records.models import OURS, fields_of_way
from dangol.customers.source_names import source_name
from dangol.identity.golden.reaching import PointRank, rank_of, spellings
from dangol.identity.golden.refusing import (
    holds,
    refused_of,
    shown_cell,
    why_lost,
    why_words,
)
from dangol.identity.golden.survivorship import (
    COMPANY_FIELDS,
    FIELDS,
    REACH,
    Said,
    Trust,
    live,
    reached,
    said,
)
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.golden.written import (
    TITLES,
    field_of,
    places_of,
    shown_value,
    stored_value,
    whole_value,
)


@dataclass(frozen=True, slots=True)
class Told:
    """One source's value in words."""

    value: str
    source: str | Promise
    since: dt.datetime | None
    """Since when the source says so; None: nobody knows."""
    verified: bool
    record_id: int | None
    """None: no record says it, only the contact point itself."""
    key: str = ""
    """The record's number in its source."""
    state: str = ""
    """Of a contact point: what the latest check said."""
    why: str = ""
    """Why it did not survive."""
    own: bool = False
    """It stands in a record of our own, whose number tells people nothing."""
    whole: str = dataclasses.field(default="", repr=False)
    """The value unmasked, to be compared and never shown."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A field with the value that survived, those that did not, and those that cannot be."""

    field: str
    title: str | Promise
    kept: Told | None
    """None where nothing that was said can be."""
    losers: list[Told] = dataclasses.field(default_factory=list)
    agreeing: int = 1
    """How many records say what survived."""
    refused: list[Told] = dataclasses.field(default_factory=list)


def records_of(customer: uuid.UUID) -> list[SourceRecord]:
    """The records under a customer, the oldest first."""
    return list(SourceRecord.objects.filter(customer=customer).order_by("first_seen_at", "pk"))


def whole_record(customer: Customer, records: list[SourceRecord]) -> list[Explained]:
    """Every field and every way, by one look at what sources are trusted."""
    trust = trust_of_sources()
    return explained(customer, records, trust) + ways(customer, records, trust)


def explained(
    customer: Customer, records: list[SourceRecord], trust: Trust | None = None,
    places: dict[str, str] | None = None,
) -> list[Explained]:  # fmt: skip
    """Every field that a record speaks of."""
    trust = trust_of_sources() if trust is None else trust
    places = places_of(records) if places is None else places
    speaking, left = live(records), [r for r in records if r.gone_at is not None]
    keys, refused = {r.pk: r.key for r in records}, refusals(records)
    found = []
    for name in (*FIELDS, *COMPANY_FIELDS):
        values = [one for one in said(speaking, name, trust) if holds(name, one.value)]
        gone = [one for one in said(left, name, trust) if holds(name, one.value)]
        if values or gone or name in refused:
            line = _explained(name, values, gone, places, keys)
            found.append(dataclasses.replace(line, refused=refused.get(name, [])))
    return found


def refusals(records: list[SourceRecord]) -> dict[str, list[Told]]:
    """Field: all that records say of it and that cannot be true, with the reason."""
    found: dict[str, list[Told]] = {}
    for record in records:
        for field, why, cell in refused_of(record):
            told = Told(
                shown_cell(field, cell), source_name(record.source), record.since(field), False,
                record.pk, record.key, why=why_words(why), own=record.source == OURS,
            )  # fmt: skip
            found.setdefault(field_of(field), []).append(told)
    return found


def _explained(
    name: str, values: list[Said], gone: list[Said], places: dict[str, str], keys: dict[int, str]
) -> Explained:
    whole = [whole_value(name, one.value, places) for one in values]
    losers, seen = [], set(whole[:1])
    many = Counter(one.value for one in values)
    lost = [(one, why_lost(values[0], one, many)) for one in values[1:]]
    lost += [(one, "gone") for one in gone]
    for one, why in lost:
        value = whole_value(name, one.value, places)
        if value not in seen:
            losers.append(_told(name, one, places, keys, why=why_words(why)))
        seen.add(value)
    kept = _told(name, values[0], places, keys) if values else None
    return Explained(name, TITLES[name], kept, losers, whole.count(whole[0]) if whole else 0)


def ways(
    customer: Customer, records: list[SourceRecord], trust: Trust | None = None
) -> list[Explained]:
    """Each way to reach the customer with the sources that know it, and what checks said; what is in
    use stands there whether or not a record says it."""
    trust = trust_of_sources() if trust is None else trust
    speaking, left = live(records), [r for r in records if r.gone_at is not None]
    keys, refused = {r.pk: r.key for r in records}, refusals(records)
    points = _points(customer)
    found: list[Explained] = []
    for way in REACH:
        by_value = _by_value(way, speaking, trust)
        known = {value: point for (kind, value), point in points.items() if kind == way}
        spelt = spellings(way, list(by_value), list(known.values()))
        homes = _of_homes(spelt, by_value)
        for value, point in known.items():
            if point.ended_at is None:
                homes.setdefault(value, by_value.get(value, []))
        found += [
            _way(
                way, value, _others(spelt, value, by_value), all_, known.get(value), spelt, speaking, keys
            )
            for value, all_ in _ranked(homes, known)
        ]  # fmt: skip
        gone = [
            _told(way, all_[0], {}, keys, why=why_words("gone"))
            for value, all_ in _by_value(way, left, trust).items()
            if value not in by_value and value not in homes
        ]
        if gone or way in refused:
            found.append(Explained(way, TITLES[way], None, gone, 0, refused.get(way, [])))
    return found


def _points(customer: Customer) -> dict[tuple[str, str], ContactPoint]:
    """The contact point of each value: the one in use, else the one that ended last."""
    points: dict[tuple[str, str], ContactPoint] = {}
    for point in ContactPoint.objects.filter(customer=customer).order_by("created_at"):
        held = points.get((point.kind, point.value))
        if held is None or held.ended_at is not None:
            points[point.kind, point.value] = point
    return points


def _by_value(way: str, records: list[SourceRecord], trust: Trust) -> dict[str, list[Said]]:
    found: dict[str, list[Said]] = {}
    for one in reached(records, way, trust):
        if holds(way, one.value):
            found.setdefault(stored_value(way, one.value), []).append(one)
    return found


def _of_homes(spelt: dict[str, str], by_value: dict[str, list[Said]]) -> dict[str, list[Said]]:
    """All that is said of each home, its own spelling first."""
    found: dict[str, list[Said]] = {}
    for value, home in sorted(spelt.items(), key=lambda pair: pair[0] != pair[1]):
        found.setdefault(home, []).extend(by_value[value])
    return found


def _others(spelt: dict[str, str], home: str, by_value: dict[str, list[Said]]) -> list[Said]:
    """Who spells a home otherwise."""
    return [by_value[value][0] for value in spelt if spelt[value] == home != value]


def _ranked(
    by_value: dict[str, list[Said]], points: dict[str, ContactPoint]
) -> list[tuple[str, list[Said]]]:
    """Values in the order in which they are used; those that are not in use come last."""

    def rank(item: tuple[str, list[Said]]) -> PointRank:
        return rank_of(points[item[0]], item[1][0] if item[1] else None)

    used = {value for value, point in points.items() if point.ended_at is None}
    in_use = [item for item in by_value.items() if item[0] in used]
    rest = [item for item in by_value.items() if item[0] not in used]
    return sorted(in_use, key=rank, reverse=True) + rest


def _way(
    way: str, value: str, others: list[Said], all_: list[Said], point: ContactPoint | None,
    spelt: dict[str, str], records: list[SourceRecord], keys: dict[int, str],
) -> Explained:  # fmt: skip
    state = point.state if point else ""
    why = state if state in {"wrong", "moved"} else "ended" if point and point.ended_at else ""
    if why == "moved" and way != "address":  # a number is no place
        why = "left"
    words = why_words(why) if why else ""
    if point and not all_:
        return Explained(way, TITLES[way], _of_point(point, words), agreeing=0)
    told = _told(way, all_[0], {}, keys, state, words)
    said_by = sum(
        spelt.get(stored_value(way, str(r.values[f] or ""))) == value
        for r in records
        for f in fields_of_way(way, r.values)
    )
    otherwise = [_told(way, one, {}, keys, why=why_words("spelling")) for one in others]
    return Explained(way, TITLES[way], told, otherwise, said_by)


def _of_point(point: ContactPoint, why: str) -> Told:
    """What no record says: the contact point itself tells where it came from."""
    since = point.said_since or (None if point.undated else point.created_at)
    return Told(
        shown_value(point.kind, point.value, {}), source_name(point.source), since,
        point.state == "verified", None, "", point.state, why,
    )  # fmt: skip


def _told(
    name: str, one: Said, places: dict[str, str], keys: dict[int, str], state: str = "", why: str = ""
) -> Told:  # fmt: skip
    return Told(
        shown_value(name, one.value, places), source_name(one.source), one.since,
        one.verified or state == "verified", one.record_id, keys[one.record_id], state, why,
        one.source == OURS, whole_value(name, one.value, places),
    )  # fmt: skip


def as_json(lines: list[Explained]) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "field": line.field, "verified": bool(line.kept and line.kept.verified),
            "value": line.kept.value if line.kept else "",
            "source": str(line.kept.source) if line.kept else "",
            "since": line.kept and line.kept.since, "record_id": line.kept and line.kept.record_id,
            "agreeing": line.agreeing,
            "losers": [_json(one) for one in line.losers],
            "refused": [_json(one) for one in line.refused],
        }
        for line in lines
    ]  # fmt: skip


def _json(one: Told) -> dict[str, Any]:
    return {
        "value": one.value, "source": str(one.source), "since": one.since,
        "record_id": one.record_id, "record_key": one.key, "why": one.why,
    }  # fmt: skip
