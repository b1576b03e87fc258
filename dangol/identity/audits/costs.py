"""What each way of finding candidates costs, and what it finds."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone

from dangol.identity.audits.models import BlockCost
from dangol.identity.matching.blocking import Rule
from dangol.identity.matching.kinds import KINDS, Kind


def known(rule: Rule, of: str = "g") -> str:
    """The condition that a record has all values of a rule."""
    return " AND ".join(f"{of}.{c} <> ''" for c in rule.columns)


def agrees(rule: Rule) -> str:
    """The condition that the records a and b of a link would be compared by a rule."""
    same = " AND ".join(f"a.{c} = b.{c}" for c in rule.columns)
    return f"({same} AND {known(rule, 'a')})"


@transaction.atomic
def count_costs() -> list[BlockCost]:
    """Count the pairs that each rule makes, and the automatic joins that it finds."""
    rows = [cost for kind in KINDS.values() for cost in costs_of(kind)]
    BlockCost.objects.all().delete()
    return BlockCost.objects.bulk_create(rows)


def costs_of(kind: Kind) -> list[BlockCost]:
    """What the ways of finding candidates of one kind cost and find."""
    now = timezone.now()
    sums = ", ".join(f"count(*) FILTER (WHERE {agrees(r)})" for r in kind.rules)
    alone = ", ".join(
        f"count(*) FILTER (WHERE {agrees(r)} AND NOT ("
        + " OR ".join(agrees(other) for other in kind.rules if other is not r)
        + "))"
        for r in kind.rules
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), {sums}, {alone} FROM identity_link l"
            " JOIN identity_reading a ON a.record_id = l.record_id"
            " JOIN identity_reading b ON b.record_id = l.other_id"
            " WHERE l.by_id IS NULL AND a.kind = %s",
            [kind.key],
        )
        joins, *found = cursor.fetchone()
        rows = []
        for at, rule in enumerate(kind.rules):
            listed = ", ".join(f"g.{c}" for c in rule.columns)
            cursor.execute(
                "SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM (SELECT count(*) AS n"
                f" FROM identity_reading g WHERE g.kind = %s AND {known(rule)}"
                f" GROUP BY {listed} HAVING count(*) > 1) s",
                [kind.key],
            )
            rows.append(
                BlockCost(
                    rule=rule.key, pairs=cursor.fetchone()[0], joins=found[at], joins_of=joins,
                    only=found[len(kind.rules) + at], at=now,
                )
            )  # fmt: skip
    return rows
