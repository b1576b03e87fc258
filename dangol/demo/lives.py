"""What customers of the demo company buy over the years: each comes at a rate of their own, until they leave.

A visit may disappoint: the chance of leaving for good after it rises with what the customer went
through (the site's quality, the temper, the day), and the same makes the answers of its happy call.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dangol.demo.products import ACCESSORIES, AGAIN, FAMILIES, LIKES, ONCE, SERVICES, THEN
from dangol.demo.traits import USES, Traits, drawn
from dangol.demo.truth import EXPERIENCE, Truth

VISITS = [*SERVICES, *ACCESSORIES]
MODELS = [(line, family[0]) for family in FAMILIES for line in family[3]]
FAMILY_OF = np.array([[family[0] for family in FAMILIES].index(code) for _line, code in MODELS])
DISAPPOINTED = 1.5
"""How much the odds of leaving rise with each step of dissatisfaction, on a logarithm."""
MEMBERS = 0.8
"""How much the care plan lowers them."""
SECOND = 0.33
"""Share of visits with a second thing."""
NEXT_CAR_AFTER, NEXT_CAR = 540, (0.03, 0.12)
"""Days after which a visit may be for another car, and how often (people, organisations)."""
MOST = 60


@dataclass
class Bought:
    """Columns of visits, in the order in which they were drawn."""

    customer: np.ndarray
    day: np.ndarray
    product: np.ndarray
    """Place among the models, then VISITS."""
    second: np.ndarray
    """Another of VISITS, or -1."""
    experience: np.ndarray


def wants(family: np.ndarray, use: np.ndarray) -> np.ndarray:
    """customers × VISITS: how likely each thing is for owners of a family who use their car so."""
    table = np.empty((len(FAMILIES), len(USES), len(VISITS)))
    for f, (code, *_rest) in enumerate(FAMILIES):
        for u, name in enumerate(USES):
            for p, (product, *_words, share) in enumerate(VISITS):
                likes = LIKES.get(product, {})
                table[f, u, p] = share * likes.get(code, 1.0) * likes.get(name, 1.0)
    return table[family, use]


def follows() -> np.ndarray:
    """What was bought last × VISITS: how much likelier each thing is next; the last row is a car."""
    codes = [product[0] for product in VISITS]
    table = np.ones((len(codes) + 1, len(codes)))
    for before, then in THEN.items():
        for after, factor in then.items():
            table[codes.index(before), codes.index(after)] = factor
    return table


def once() -> np.ndarray:
    """Which of VISITS are bought once."""
    return np.array([p[0].startswith(ONCE) and p[0] not in AGAIN for p in VISITS])


def leaves(
    rng: np.random.Generator, people: Traits, who: np.ndarray, felt: np.ndarray
) -> np.ndarray:
    """Who stays away for good after a visit that felt so."""
    base = np.clip(people.leave[who], 0.004, 0.97)
    odds = np.log(base / (1 - base)) - DISAPPOINTED * felt - MEMBERS * people.member[who]
    return rng.random(len(who)) < 1 / (1 + np.exp(-odds))


def live(
    rng: np.random.Generator, people: Traits, truth: Truth, sold: np.ndarray, family: np.ndarray,
    office: np.ndarray, centre: np.ndarray, today: np.datetime64,
) -> tuple[np.ndarray, Bought]:  # fmt: skip
    """How each sale was felt, and every visit from the sale until a customer left or today."""
    n = len(sold)
    first = rng.normal(0, EXPERIENCE, n)
    felt = truth.site_quality[office] + truth.customer_temper + first
    staying = ~leaves(rng, people, np.arange(n), felt + 0.6)
    clock, begun = np.zeros(n), sold.astype("datetime64[D]")
    last = np.full(n, len(VISITS))
    had = np.zeros((n, len(VISITS)), bool)
    wanted, after, single = wants(family, people.use), follows(), once()
    parts: list[tuple[np.ndarray, ...]] = []
    for _turn in range(MOST):
        who = np.flatnonzero(staying)
        clock[who] += np.maximum(rng.exponential(365 / people.rate[who]), 4)
        day = begun[who] + clock[who].astype("timedelta64[D]")
        day += (((day.astype(int) + 3) % 7) == 6).astype("timedelta64[D]")  # closed on Sundays
        staying[who[day >= today]] = False
        who, day = who[day < today], day[day < today]
        if not len(who):
            break
        odds = np.where(had[who] & single, 0.0, wanted[who] * after[last[who]])
        product = drawn(rng, odds)
        more = np.where(had[who] & single, 0.0, wanted[who] * after[product])
        more[np.arange(len(who)), product] = 0
        second = np.where(rng.random(len(who)) < SECOND, drawn(rng, more), -1)
        car = next_car(rng, people, who, clock[who])
        had[who[~car], product[~car]] = True
        also = ~car & (second >= 0)
        had[who[also], second[also]] = True
        last[who] = np.where(car, len(VISITS), np.where(also, second, product))
        place = np.where(car, office[who], centre[who])
        experience = rng.normal(0, EXPERIENCE, len(who))
        felt = truth.site_quality[place] + truth.customer_temper[who] + experience
        staying[who] = ~leaves(rng, people, who, felt)
        models = drawn(rng, np.tile([line[4] for line, _code in MODELS], (len(who), 1)))
        parts.append(
            (who, day, np.where(car, models, len(MODELS) + product), np.where(car, -1, second), experience)
        )  # fmt: skip
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return first, Bought(*columns)


def next_car(
    rng: np.random.Generator, people: Traits, who: np.ndarray, age: np.ndarray
) -> np.ndarray:
    """Whose visit is for another car."""
    share = np.where(people.organisation[who], NEXT_CAR[1], NEXT_CAR[0])
    return (age > NEXT_CAR_AFTER) & (rng.random(len(who)) < share)
