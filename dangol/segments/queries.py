"""Reads over segments: which a person sees, their rules, names behind keys, where they are used."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Any as Anything

from django.db.models import OuterRef, Q, QuerySet, Subquery

from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.customers.queries import customers_visible_to
from dangol.places.models import Place
from dangol.places.scope import ranges, scoped
from dangol.segments import catalogue
from dangol.segments import rules as r
from dangol.segments.models import Change, CustomerList, Membership, Segment, SegmentVersion
from dangol.segments.reading import BadRule, read
from dangol.warehouse.facts import FACTS


def segments_visible_to(user: User, ability: str = "segments.see") -> QuerySet[Segment]:
    """Segments of the places where the person holds the ability, and of the places above them."""
    inside = scoped(Segment.objects.all(), user, ability)
    if ability != "segments.see" or not inside.query.where:
        return inside
    above = Q(pk__in=[])
    for lo, hi in ranges(user, ability):
        above |= Q(lo__lte=lo, hi__gte=hi)
    places = Place.objects.filter(above).values("pk")
    return Segment.objects.filter(Q(pk__in=inside.order_by().values("pk")) | Q(place__in=places))


def open_segments() -> QuerySet[Segment]:
    """Segments that are counted."""
    return Segment.objects.filter(ended_at=None)


def lists_visible_to(user: User, ability: str = "segments.see") -> QuerySet[CustomerList]:
    """Uploaded lists of the places where the person holds the ability."""
    return scoped(CustomerList.objects.filter(ended_at=None), user, ability)


def newest_versions(segments: Iterable[uuid.UUID] | QuerySet | None = None) -> QuerySet:
    """The newest version of each segment."""
    newest = SegmentVersion.objects.filter(segment=OuterRef("segment")).order_by("-number")
    rows = SegmentVersion.objects.filter(pk=Subquery(newest.values("pk")[:1]))
    return rows if segments is None else rows.filter(segment__in=segments)


def rule_of(version: SegmentVersion) -> r.Rule:
    """A version's rule; BadRule where the tables that it asks have changed since."""
    return read(version.rule)


def rules_by_key() -> Callable[[str], r.Rule]:
    """Rules behind keys of segments, ended ones too, each read once."""
    known: dict[str, r.Rule] = {}

    def rule(key: str) -> r.Rule:
        if key not in known:
            version = newest_versions([uuid.UUID(key)]).first()
            if version is None:
                raise ValueError("a segment that is gone")
            known[key] = rule_of(version)
        return known[key]

    return rule


def keys_in(rule: r.Rule) -> dict[str, set[str]]:
    """The keys that a rule names, by the fact table that they belong to."""
    found: dict[str, set[str]] = {}

    def note(table: str, column: str, test: r.Test) -> None:
        if isinstance(test, r.Below):
            of = FACTS[table].column(column).of
            found.setdefault(of, set()).update(test.keys)

    for leaf in r.leaves(rule):
        match leaf:
            case r.Attribute(column, test):
                note(catalogue.CUSTOMERS, column, test)
            case r.Behaviour(facts, _aggregate, test, column):
                note(facts.table, column, test)
                for where in facts.where:
                    note(facts.table, where.column, where.test)
            case r.Sequence(first, then):
                for facts in (first, then):
                    for where in facts.where:
                        note(facts.table, where.column, where.test)
            case r.Segment(key):
                found.setdefault("segments", set()).add(key)
            case r.Listed(key):
                found.setdefault("lists", set()).add(key)
    return found


def names_in(*rules: r.Rule) -> dict[str, str]:
    """The name behind every key that rules hold, one query for each table."""
    keys: dict[str, set[str]] = {}
    for rule in rules:
        for table, some in keys_in(rule).items():
            keys.setdefault(table, set()).update(some)
    names: dict[str, str] = {}
    for table, some in keys.items():
        model: Anything = Segment if table == "segments" else FACTS[table].model
        names |= {str(row.pk): str(row) for row in model.objects.filter(pk__in=some)}
    return names


def named(names: dict[str, str]) -> Callable[[str], str]:
    """The name of a key; what is gone is a question mark."""
    return lambda key: names.get(key, "?")


def uses_of(segment: Segment) -> list[Segment]:
    """Open segments whose rules ask for this one."""
    key, found = str(segment.pk), []
    for version in newest_versions(open_segments().order_by().values("pk")).select_related(
        "segment"
    ):
        try:
            rule = rule_of(version)
        except BadRule:
            continue
        if key in keys_in(rule).get("segments", ()):
            found.append(version.segment)
    return found


def members_visible_to(user: User, segment: Segment) -> QuerySet[Customer]:
    """The members that the person may see."""
    inside = Membership.objects.filter(segment=segment).values("customer")
    return customers_visible_to(user).filter(pk__in=inside)


def changed_visible_to(user: User, segment: Segment, day: dt.date, *, entered: bool) -> QuerySet:
    """The customers who came or left on a day, as far as the person may see them."""
    some = Change.objects.filter(segment=segment, day=day, entered=entered).values("customer")
    return customers_visible_to(user).filter(pk__in=some)
