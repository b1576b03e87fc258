"""Sales and service visits of the demo company."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dangol.demo.copying import copy_into, instants, keys, picked
from dangol.demo.customers import Customers
from dangol.demo.lives import FAMILY_OF, MODELS, live
from dangol.demo.names import person_names
from dangol.demo.products import ACCESSORIES, FAMILIES, SERVICES, USED_FOR
from dangol.demo.traits import USES, Traits, drawn
from dangol.demo.truth import Truth
from dangol.places.tree import renumber
from dangol.purchases.models import Product

MINUTE = np.timedelta64(1, "m")
DAY = np.timedelta64(1, "D")
PLATE_LETTERS = list("가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주하허호")


@dataclass
class Transactions:
    """Columns of sales and visits, in one order."""

    keys: list[str]
    customer: np.ndarray
    site: np.ndarray
    at: np.ndarray
    sale: np.ndarray
    experience: np.ndarray
    """How each went for the customer."""


def make_products() -> tuple[list[Product], np.ndarray]:
    """The product tree; models, services and accessories in the order of `lives`, with prices."""
    cars = Product.objects.create(code="CARS", name="자동차", name_en="Cars")
    work = Product.objects.create(code="SERVICES", name="정비", name_en="Services")
    things = Product.objects.create(code="ACCESSORIES", name="용품", name_en="Accessories")
    listed: list[tuple[Any, Product]] = []
    for code, name, name_en, lines in FAMILIES:
        family = Product.objects.create(code=code, name=name, name_en=name_en, parent=cars)
        listed += [(line, family) for line in lines]
    listed += [(line, work) for line in SERVICES] + [(line, things) for line in ACCESSORIES]
    made = [
        Product.objects.create(code=line[0], name=line[1], name_en=line[2], parent=parent)
        for line, parent in listed
    ]
    renumber(Product)
    return made, np.array([line[3] for line, _parent in listed], float)


def chosen_models(rng: np.random.Generator, people: Traits) -> np.ndarray:
    """The car that each customer begins with: by what it is used for and by what they spend."""
    shares = np.array([line[4] for line, _code in MODELS])
    price = np.array([line[3] for line, _code in MODELS], float)
    fits = np.array(
        [[USED_FOR.get(code, {}).get(use, 1.0) for _line, code in MODELS] for use in USES]
    )
    dear = (np.log(price) - np.log(price).mean())[None, :] * np.log(people.level)[:, None]
    return drawn(rng, shares * fits[people.use] * np.exp(4 * dear))


def working_instants(rng: np.random.Generator, days: np.ndarray) -> np.ndarray:
    """An instant (UTC) between 9:30 and 18:00 in Seoul on each day."""
    minutes = rng.integers(30, 9 * 60, len(days)).astype("timedelta64[m]")
    return days.astype("datetime64[s]") + minutes


def sale_days(rng: np.random.Generator, n: int, today: np.datetime64) -> np.ndarray:
    """Days of purchase over three years: more in spring and at year's end, fewer on Sundays."""
    days = today - rng.integers(1, 3 * 365, n * 2).astype("timedelta64[D]")
    month = days.astype("datetime64[M]").astype(int) % 12
    weight = np.array([0.8, 0.85, 1.15, 1.0, 1.05, 1.1, 0.95, 0.85, 1.0, 1.05, 1.1, 1.3])[month]
    weekday = (days.astype(int) + 3) % 7
    weight = weight * np.where(weekday == 6, 0.15, 1.0)
    chosen = rng.choice(len(days), n, replace=False, p=weight / weight.sum())
    return np.sort(days[chosen])


def make_transactions(
    rng: np.random.Generator,
    customers: Customers,
    people: Traits,
    truth: Truth,
    sale_at: np.ndarray,
    site_keys: list[str],
    centre_of: np.ndarray,
    today: np.datetime64,
) -> Transactions:
    """The first sale of each customer, and what came of it."""
    products, prices = make_products()
    n, cars = len(customers.keys), len(MODELS)
    first = chosen_models(rng, people)
    felt, visits = live(
        rng, people, truth, sale_at, FAMILY_OF[first], customers.site, centre_of, today
    )
    who = visits.customer
    at = np.concatenate([sale_at, working_instants(rng, visits.day)])
    customer = np.concatenate([np.arange(n), who])
    product = np.concatenate([first, visits.product])
    second = np.concatenate([np.full(n, -1), visits.second])
    sale = product < cars
    site = np.where(sale, customers.site[customer], centre_of[customer])
    order = np.argsort(at, kind="stable")
    at, customer, sale, site, product, second, experience = (
        a[order]
        for a in (
            at,
            customer,
            sale,
            site,
            product,
            second,
            np.concatenate([felt, visits.experience]),
        )
    )
    made = Transactions(keys(rng, at), customer, site, at, sale, experience)
    level = np.where(sale, 1.0, people.level[customer])
    amount = np.round(prices[product] * level * rng.gamma(60, 1 / 60, len(at)), -3)
    also = np.where(second >= 0, cars + second, -1)
    added = np.round(prices[also] * level * rng.gamma(60, 1 / 60, len(at)), -3) * (also >= 0)
    write(rng, made, customers, site_keys, products, (product, also), (amount, added))
    write_ownerships(rng, made, customers, products[:cars], product)
    return made


def write(
    rng: np.random.Generator,
    made: Transactions,
    customers: Customers,
    site_keys: list[str],
    products: list[Product],
    product: tuple[np.ndarray, np.ndarray],
    amount: tuple[np.ndarray, np.ndarray],
) -> None:
    """Transactions with a line or two each; -1 is no second product."""
    staff = person_names(rng, 4000)
    sellers = staff[(made.site * 3 + rng.integers(0, 3, len(made.keys))) % 4000]
    at = instants(made.at)
    copy_into(
        "purchases_transaction",
        {
            "id": made.keys, "created_at": at,
            "customer_id": picked(customers.keys, made.customer),
            "place_id": picked(site_keys, made.site),
            "kind": np.where(made.sale, "sale", "service"), "at": at, "staff_name": sellers,
            "amount": sum(amount).astype(int), "currency": "KRW", "source": "dms",
            "source_key": [f"T{i:08}" for i in range(len(made.keys))], "note": "",
        },
    )  # fmt: skip
    also = np.flatnonzero(product[1] >= 0)
    both = np.concatenate([np.arange(len(made.keys)), also])
    copy_into(
        "purchases_line",
        {
            "id": keys(rng, made.at[both]), "created_at": picked(at, both),
            "transaction_id": picked(made.keys, both), "quantity": 1,
            "product_id": picked(
                [str(p.pk) for p in products], np.concatenate([product[0], product[1][also]])
            ),
            "amount": np.concatenate([amount[0], amount[1][also]]).astype(int),
        },
    )  # fmt: skip


def write_ownerships(
    rng: np.random.Generator,
    made: Transactions,
    customers: Customers,
    models: list[Product],
    product: np.ndarray,
) -> None:
    """The cars, with plate, serial number and a warranty of five years."""
    rows = np.flatnonzero(made.sale)
    days = made.at[rows].astype("datetime64[D]")
    n = len(rows)
    letters, heads = rng.integers(0, len(PLATE_LETTERS), n), rng.integers(100, 700, n)
    tails, serial = rng.integers(1000, 9999, n), rng.choice(9_000_000, n, replace=n > 9_000_000)
    copy_into(
        "purchases_ownership",
        {
            "id": keys(rng, made.at[rows]), "created_at": instants(made.at[rows]),
            "customer_id": picked(customers.keys, made.customer[rows]),
            "product_id": picked([str(m.pk) for m in models], product[rows]),
            "transaction_id": picked(made.keys, rows),
            "serial": [f"KMH{int(s) + 1000000:08}" for s in serial],
            "plate": [
                f"{h}{PLATE_LETTERS[x]}{t}"
                for h, x, t in zip(heads.tolist(), letters.tolist(), tails.tolist(), strict=True)
            ],
            "since": days.astype(str), "warranty_until": (days + np.timedelta64(5 * 365, "D")).astype(str),
            "ended_on": None,
        },
    )  # fmt: skip
