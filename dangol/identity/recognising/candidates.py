"""Who a record could speak of: records with a key in common."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, Q

from dangol.customers.models import Customer
from dangol.customers.records.models import SourceRecord
from dangol.identity.learned import records_known
from dangol.identity.matching.blocking import CROWD
from dangol.identity.matching.clusters import Group
from dangol.identity.matching.kinds import KINDS, Form, Kind, kind_of
from dangol.identity.models import Reading
from dangol.identity.recognising.readings import forms_of

MOST = 200
"""A key that more records have leads to nobody: a company's telephone, a large house."""

FOUND = """
SELECT DISTINCT k.reading_id FROM unnest(%(keys)s::bigint[]) AS wanted(key)
CROSS JOIN LATERAL (SELECT reading_id, count(*) OVER () AS many FROM (
    SELECT reading_id FROM identity_blockkey b WHERE b.key = wanted.key LIMIT %(most)s) few) k
WHERE k.many < %(most)s AND k.reading_id <> %(record)s
"""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that is compared, and the customer it belongs to (None while it waits)."""

    record: int
    customer: uuid.UUID | None
    form: Form


def candidates(record: int, keys: list[int]) -> list[Candidate]:
    """The records that share a key with this one."""
    with connection.cursor() as cursor:
        cursor.execute(FOUND, {"keys": keys, "most": MOST + 1, "record": record})
        ids = [row[0] for row in cursor.fetchall()]
    return [Candidate(*one) for one in forms_of(Reading.objects.filter(pk__in=ids))]


def groups_of(customers: Iterable[uuid.UUID]) -> dict[uuid.UUID, Group]:
    """What the records of each customer say together."""
    found: dict[uuid.UUID, Group] = defaultdict(lambda: Group([]))
    for record, owner, form in forms_of(
        Reading.objects.filter(record__customer__in=list(customers))
    ):
        assert owner is not None
        found[owner].members.append(record)
        found[owner].knows(kind_of(form).facts_of(form))
    return dict(found)


def share_of_name(name: str, kind: Kind, known: int | None = None) -> float:
    """The share of a kind's records that bear a name; `known` is how many there are, if it is known."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM identity_reading WHERE name = %s AND kind = %s", [name, kind.key]
        )
        named = cursor.fetchone()[0]
    known = records_known(kind.key) if known is None else known
    return max(named, 1) / max(known, 1000, named)


def share_of_crowd(column: str, value: str, kind: Kind, known: int | None = None) -> float:
    """The share of a kind's records that say a value which a crowd of different names says; else 0."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*), count(DISTINCT name) FROM identity_reading WHERE {column} = %s"
            " AND kind = %s",
            [value, kind.key],
        )
        many, names = cursor.fetchone()
    if names <= CROWD:
        return 0.0
    return many / max(records_known(kind.key) if known is None else known, many)


def shares_of(form: Form, kind: Kind) -> dict[str, float]:
    """How frequent what a record says is, as far as that counts."""
    known = records_known(kind.key)
    shares = {form.name: share_of_name(form.name, kind, known)} if form.name else {}
    for column in kind.crowded:
        if value := getattr(form, column):
            shares[value] = share_of_crowd(column, value, kind, known)
    return shares


TO_MATCH = Q(unread=True, kind__in=KINDS) & (Q(failed_at=None) | Q(changed_at__gt=F("failed_at")))
"""Records that wait to be matched one by one."""


def waiting(limit: int, which: Q | None = None) -> list[SourceRecord]:
    """Records that are new or changed, the oldest first, locked against another worker; all, or those
    of `which`.

    Their customers are locked before them, as whoever edits a customer does; what somebody edits at
    this moment is left for the next time.
    """
    asked = SourceRecord.objects.filter(TO_MATCH & (which or Q())).order_by("pk")
    owners = dict(asked.values_list("pk", "customer")[:limit])
    known = {key for key in owners.values() if key}
    held = Customer.objects.select_for_update(skip_locked=True).filter(pk__in=known).order_by("pk")
    free = {None, *held.values_list("pk", flat=True)}
    some = [pk for pk, owner in owners.items() if owner in free]
    return list(asked.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=some))
