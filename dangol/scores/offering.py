"""Offers from memory: each process keeps the champion of “next product” and answers in a fraction of a millisecond.

A purchase that this process hears of is learned at once; the others learn it with the next version.
"""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db.models import Min
from django.utils import timezone

from dangol.purchases.models import Line, Product
from dangol.scores.models import Kind, ModelWeights, ScoreModel
from dangol.scores.next.ease import Ease
from dangol.scores.next.history import weights
from dangol.scores.running import weights_of
from dangol.scores.words import named
from dangol.warehouse.sources import number_column

FRESH = 60.0
"""Seconds after which it is asked whether there is another champion."""


@dataclass
class Offer:
    """One product that goes with what a customer has."""

    product: str
    because: str
    gap: int
    score: float


@dataclass
class Memory:
    """A champion in memory."""

    version: uuid.UUID
    model: Ease
    place: dict[uuid.UUID, int]
    names: list[tuple[str, str]]
    gap: npt.NDArray[np.int32]
    half_life: float | None
    looked: float


KEPT: dict[str, Memory] = {}
MISSED: dict[str, float] = {}
"""When it was last seen that nothing was learned yet."""
GUARD = threading.Lock()


def memory() -> Memory | None:
    """The champion, read again when there is another one; None where nothing was learned."""
    kept, now = KEPT.get(Kind.NEXT), time.monotonic()
    if kept and now - kept.looked < FRESH:
        return kept
    if kept is None and now - MISSED.get(Kind.NEXT, -FRESH) < FRESH:
        return None
    with GUARD:
        champion = (
            ScoreModel.objects.filter(key=Kind.NEXT).values_list("champion", flat=True).first()
        )
        if champion is None:
            KEPT.pop(Kind.NEXT, None)
            MISSED[Kind.NEXT] = now
            return None
        if kept is None or kept.version != champion:
            kept = read(champion)
            KEPT[Kind.NEXT] = kept
        kept.looked = time.monotonic()
        return kept


def read(version: uuid.UUID) -> Memory:
    """A version from the database."""
    kept = ModelWeights.objects.select_related("version").get(version=version)
    arrays = weights_of(bytes(kept.body))
    number = number_column(Product)
    rows = Product.objects.extra(select={"number": number}, where=[f'"{number}" = ANY(%s)'],
                                 params=[arrays["products"].tolist()])  # fmt: skip
    at = {int(n): i for i, n in enumerate(arrays["products"])}
    place, names = {}, [("", "")] * len(at)
    for row in rows:
        place[row.pk] = at[row.number]  # type: ignore[attr-defined]
        names[at[row.number]] = (row.name, row.name_en or row.name)  # type: ignore[attr-defined]
    half_life = kept.version.parameters.get("half_life")
    return Memory(version, Ease(arrays["inverse"]), place, names, arrays["gap"], half_life, 0.0)


def owned_by(
    customer_id: uuid.UUID, kept: Memory
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """The places of what a customer bought, and what each weighs in the question."""
    bought = Line.objects.filter(transaction__customer=customer_id, amount__gte=0)
    bought = bought.filter(transaction__gone_at=None)
    first = bought.values_list("product").annotate(at=Min("transaction__at")).order_by("at")
    rows = [(kept.place[product], at) for product, at in first if product in kept.place]
    place = np.array([p for p, _at in rows], dtype=np.int64)
    moment = np.array([at.timestamp() for _p, at in rows])
    after = len(moment) - np.searchsorted(moment, moment, side="right")
    return place, weights(after, kept.half_life)


def offers_for(customer_id: uuid.UUID, most: int = 2) -> list[Offer]:
    """What goes best with what a customer has; nothing where nothing is known."""
    kept = memory()
    if kept is None:
        return []
    mine, weight = owned_by(customer_id, kept)
    if not len(mine):
        return []
    said = kept.model.scores(mine, weight)
    sold_out = Product.objects.filter(ended_on__lte=timezone.localdate()).values_list(
        "pk", flat=True
    )
    ended = {kept.place[pk] for pk in sold_out if pk in kept.place}
    offers: list[Offer] = []
    for product in np.argsort(-said).tolist():
        if said[product] <= 0:
            break
        if product in ended or not kept.names[product][0]:
            continue
        if len(offers) == most:
            break
        because = int(mine[np.argmax(weight * kept.model.weights(mine, product))])
        gap = int(kept.gap[because, product])
        offers.append(
            Offer(
                named(*kept.names[product]), named(*kept.names[because]), gap, float(said[product])
            )
        )
    return offers


def learn_purchase(customer_id: uuid.UUID, product_id: uuid.UUID, before: list[uuid.UUID]) -> None:
    """Let the champion in memory know of one more product that somebody has."""
    kept = KEPT.get(Kind.NEXT)
    if kept is None or product_id not in kept.place:
        return
    had = np.array(sorted({kept.place[p] for p in before if p in kept.place}), dtype=np.int64)
    with GUARD:
        kept.model.learn(had, kept.place[product_id])
