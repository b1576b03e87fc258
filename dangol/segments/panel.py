"""A customer's segments: as last counted, or decided at this moment by PostgreSQL."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.segments import rules as r
from dangol.segments.counting import kept_to
from dangol.segments.deciding import Circle, SegmentGone, decided_now, expanded
from dangol.segments.models import Membership, Segment
from dangol.segments.queries import newest_versions, rule_of, rules_by_key, segments_visible_to
from dangol.segments.reading import BadRule


@dataclass(frozen=True)
class Line:
    """One segment: in it since a day, and whether the rule holds now (None: not asked)."""

    segment: Segment
    since: object = None
    holds: bool | None = None


def segments_of(user: User, customer: Customer, *, now: bool = False) -> list[Line]:
    """The segments that the customer is in; with `now`, also those that they have come into."""
    mine = segments_visible_to(user).filter(ended_at=None)
    since = dict(
        Membership.objects.filter(customer=customer, segment__in=mine.order_by().values("pk"))
        .values_list("segment", "since")
    )  # fmt: skip
    if not now:
        return [Line(s, since[s.pk]) for s in mine.filter(pk__in=since)]
    known = list(mine.select_related("place"))
    holds = holding(known, customer)
    return [
        Line(s, since.get(s.pk), holds.get(s.pk.hex))
        for s in known if s.pk in since or holds.get(s.pk.hex)
    ]  # fmt: skip


def holding(segments: list[Segment], customer: Customer) -> dict[str, bool]:
    """Which rules hold for the customer as PostgreSQL stands now; what cannot be asked is left out."""
    rules: dict[str, r.Rule] = {}
    by_key = rules_by_key()
    places = {s.pk: s.place for s in segments}
    for version in newest_versions(places):
        try:
            rule = expanded(rule_of(version), by_key)
        except (BadRule, Circle, SegmentGone):
            continue
        rules[version.segment_id.hex] = kept_to(rule, places[version.segment_id])
    return decided_now(rules, customer.pk, timezone.localdate()) if rules else {}
