"""The model in use: what the company's own records taught, or what the product brings."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db import connection, transaction

from dangol.core.alone import in_turn
from dangol.core.models import User
from dangol.identity.matching.kinds import KINDS, PERSON
from dangol.identity.matching.outcomes import Thresholds
from dangol.identity.matching.parameters import Parameters
from dangol.identity.models import Model, Reading


@dataclass(frozen=True, slots=True)
class Learned:
    """Parameters, thresholds, and the row they come from (None for those of the product)."""

    parameters: Parameters
    thresholds: Thresholds
    row: Model | None


PAIRS_OF_ONE = 4.0
"""About how many other records of the same person a record has twice over, in thirty sources."""


def prior_among(records: int) -> float:
    """How probable it is that two records drawn from this many match: the more, the less."""
    return min(PAIRS_OF_ONE / max(records, 1), 1e-3)


def records_known(kind: str = "person") -> int:
    """About how many records of a kind have been read; all of them, as PostgreSQL estimates it, for
    people: organisations are few and are counted."""
    if kind != PERSON.key:
        return Reading.objects.filter(kind=kind).count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'identity_reading'::regclass")
        estimated = int(cursor.fetchone()[0])
    return estimated if estimated > 0 else Reading.objects.count()


def learned(kind: str = "person") -> Learned:
    """The newest model that is not ended."""
    row = Model.objects.filter(kind=kind, ended_at=None).order_by("-version").first()
    if row is None:
        usual = replace(KINDS[kind].usual, prior=prior_among(records_known(kind)))
        return Learned(usual, Thresholds(), None)
    return Learned(Parameters(**row.parameters), Thresholds(row.join_from, row.review_from), row)


@transaction.atomic
def new_version(
    kind: str, parameters: Parameters | None = None, *, records: int | None = None,
    thresholds: Thresholds | None = None, labels: int | None = None, by: User | None = None,
) -> Model:  # fmt: skip
    """Let a new version of a model hold from now on; what is not given stays as it is at this moment.

    Versions are made one after the other: a run that learned for minutes takes nothing back of what
    stewards decided meanwhile.
    """
    in_turn(f"identity.model {kind}")
    now = learned(kind)
    last = Model.objects.filter(kind=kind).order_by("-version").first()
    limits = thresholds or now.thresholds
    known = now.row
    return Model.objects.create(
        kind=kind, version=(last.version if last else 0) + 1,
        parameters=(parameters or now.parameters).as_json(), join_from=limits.join,
        review_from=limits.review, by=by,
        records=records if records is not None else known.records if known else 0,
        labels=labels if labels is not None else known.labels if known else 0,
    )  # fmt: skip
