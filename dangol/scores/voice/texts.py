"""What customers wrote and said, from answers and cases; read from the database, kept nowhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from dangol.cases.models import Case
from dangol.purchases.models import Line
from dangol.surveys.models import Answer

MOST = 200_000


@dataclass(frozen=True)
class Said:
    """What a customer said once."""

    customer: Any
    text: str
    at: dt.datetime
    site: str
    process: str
    score: int | None
    sale: Any = None
    """The transaction that the conversation was about."""


def product_of(rows: list[Said]) -> dict[Any, str]:
    """The first product of each transaction that was spoken of."""
    sales = {s.sale for s in rows if s.sale}
    lines = Line.objects.filter(transaction__in=sales).order_by("transaction", "-pk")
    return dict(lines.values_list("transaction", "product__name"))


def voices(since: dt.datetime) -> list[Said]:
    """Words of answers that count, and of cases, newest first."""
    index = Answer.objects.filter(response=OuterRef("response"), question="").values("score")[:1]
    answers = (
        Answer.objects.filter(
            response__completed_at__gte=since, response__withdrawn_at=None
        ).exclude(text="").select_related("response", "response__place", "response__thread")
        .annotate(own=Coalesce("score", Subquery(index)))
        .order_by("-response__completed_at")[:MOST]
    )  # fmt: skip
    said = [
        Said(
            a.response.customer_id,
            a.text,
            a.response.completed_at or since,  # never empty: such answers are left out above
            str(a.response.place),
            a.response.process,
            a.own,
            a.response.thread.transaction_id if a.response.thread else None,
        )
        for a in answers
    ]
    cases = (
        Case.objects.filter(opened_at__gte=since)
        .exclude(description="")
        .select_related("place", "thread")
    )
    said += [
        Said(
            c.customer_id,
            c.description,
            c.opened_at,
            str(c.place),
            "case",
            None,
            c.thread.transaction_id,
        )  # fmt: skip
        for c in cases.order_by("-opened_at")[:MOST]
    ]
    return said
