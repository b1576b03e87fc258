"""Reads over segments: which a person sees, their rules, names behind keys, where they are used."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Any as Anything

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.customers.queries import customers_visible_to
from dangol.places.models import Place
from dangol.places.scope import ranges, scoped
from dangol.segments import catalogue
from dangol.segments import rules as r
from dangol.segments.deciding import SegmentGone
from dangol.segments.models import (
    Change,
    CustomerList,
    Membership,
    Refresh,
    Segment,
    SegmentVersion,
)
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


def running() -> Refresh | None:
    """The count under way, or waiting for a worker; one that died without a word is none."""
    since = timezone.now() - dt.timedelta(hours=1)
    open_ones = Refresh.objects.filter(finished_at=None, failure="", created_at__gt=since)
    return open_ones.order_by("-created_at").first()


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
                raise SegmentGone(key)
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


def names_in(*rules: r.Rule, by: User | None = None) -> dict[str, str]:
    """The name behind every key that rules hold, one query for each table; a segment or list that
    the person may not see has none."""
    keys: dict[str, set[str]] = {}
    for rule in rules:
        for table, some in keys_in(rule).items():
            keys.setdefault(table, set()).update(some)
    names: dict[str, str] = {}
    for table, some in keys.items():
        model: Anything = Segment if table == "segments" else FACTS[table].model
        names |= {str(row.pk): str(row) for row in model.objects.filter(pk__in=some)}
        seen = {"segments": segments_visible_to, "lists": lists_visible_to}.get(table)
        if by is not None and seen is not None:
            visible = {
                str(key) for key in seen(by).filter(pk__in=some).values_list("pk", flat=True)
            }
            names |= dict.fromkeys((some & names.keys()) - visible, _("hidden from you"))
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


def names_of(segments: Iterable[Segment], by: User | None) -> str:
    """Names for a message; those that the person may not see are counted only."""
    some = list(segments)
    visible = set(segments_visible_to(by).values_list("pk", flat=True)) if by else None
    told = [str(one) for one in some if visible is None or one.pk in visible]
    if len(told) < len(some):
        hidden = len(some) - len(told)
        told.append(ngettext("%(n)s that you may not see", "%(n)s that you may not see", hidden) % {"n": hidden})  # fmt: skip
    return ", ".join(told)


def members_visible_to(user: User, segment: Segment) -> QuerySet[Customer]:
    """The members that the person may see."""
    inside = Membership.objects.filter(segment=segment).values("customer")
    return customers_visible_to(user).filter(pk__in=inside)


def how_many_visible_to(user: User, segment: Segment) -> int:
    """How many of the members the person may see; all of them for somebody of the whole company."""
    mine = customers_visible_to(user).order_by()
    if not mine.query.where and segment.size is not None:
        return segment.size
    return members_visible_to(user, segment).order_by().count()


def changed_visible_to(user: User, segment: Segment, day: dt.date, *, entered: bool) -> QuerySet:
    """The customers who came or left on a day, as far as the person may see them."""
    some = Change.objects.filter(segment=segment, day=day, entered=entered).values("customer")
    return customers_visible_to(user).filter(pk__in=some)
