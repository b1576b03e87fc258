"""Sales and service visits of the demo company."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dangol.demo.copying import copy_into, instants, keys, picked
from dangol.demo.customers import Customers
from dangol.demo.names import person_names
from dangol.demo.products import FAMILIES, SERVICES
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


def make_products() -> tuple[list[Product], list[Product], np.ndarray, np.ndarray]:
    """The product tree; models with prices and shares, and services."""
    cars = Product.objects.create(code="CARS", name="자동차", name_en="Cars")
    work = Product.objects.create(code="SERVICES", name="정비", name_en="Services")
    models: list[Product] = []
    services: list[Product] = []
    for code, name, name_en, lines in FAMILIES:
        family = Product.objects.create(code=code, name=name, name_en=name_en, parent=cars)
        models += [
            Product.objects.create(code=c, name=n, name_en=e, parent=family)
            for c, n, e, _price, _share in lines
        ]
    services += [
        Product.objects.create(code=c, name=n, name_en=e, parent=work)
        for c, n, e, _price, _share in SERVICES
    ]
    renumber(Product)
    listed = [line for _c, _n, _e, lines in FAMILIES for line in lines]
    prices = np.array([line[3] for line in listed] + [s[3] for s in SERVICES], float)
    shares = np.array([line[4] for line in listed])
    return models, services, prices, shares / shares.sum()


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


def visits_of(
    rng: np.random.Generator, since: np.ndarray, today: np.datetime64
) -> tuple[np.ndarray, np.ndarray]:
    """Service visits: who (index) and on which day; some 1.3 a year and owner."""
    years = (today - since.astype("datetime64[D]")).astype(float) / 365
    counts = rng.poisson(1.3 * years + 0.15)
    who = np.repeat(np.arange(len(since)), counts)
    spans = (today - since.astype("datetime64[D]")).astype(int)[who]
    offset = (rng.random(len(who)) * np.maximum(spans - 8, 1)).astype(int) + 7
    days = since.astype("datetime64[D]")[who] + offset.astype("timedelta64[D]")
    keep = (days < today) & (((days.astype(int) + 3) % 7) != 6)
    return who[keep], days[keep]


def make_transactions(
    rng: np.random.Generator,
    customers: Customers,
    sale_at: np.ndarray,
    site_keys: list[str],
    centre_of: np.ndarray,
    today: np.datetime64,
) -> Transactions:
    """One sale for each customer, and their visits."""
    models, services, prices, shares = make_products()
    n = len(customers.keys)
    who, days = visits_of(rng, sale_at, today)
    at = np.concatenate([sale_at, working_instants(rng, days)])
    customer = np.concatenate([np.arange(n), who])
    sale = np.concatenate([np.ones(n, bool), np.zeros(len(who), bool)])
    site = np.concatenate([customers.site, centre_of[who]])
    service_shares = np.array([s[4] for s in SERVICES])
    product = np.concatenate(
        [
            rng.choice(len(models), n, p=shares),
            len(models) + rng.choice(len(services), len(who), p=service_shares),
        ]
    )
    order = np.argsort(at, kind="stable")
    at, customer, sale, site, product = (a[order] for a in (at, customer, sale, site, product))
    made = Transactions(keys(rng, at), customer, site, at, sale)
    amount = np.round(prices[product] * rng.uniform(0.94, 1.12, len(at)), -3)
    write(rng, made, customers, site_keys, [*models, *services], product, amount)
    write_ownerships(rng, made, customers, models, product)
    return made


def write(
    rng: np.random.Generator,
    made: Transactions,
    customers: Customers,
    site_keys: list[str],
    products: list[Product],
    product: np.ndarray,
    amount: np.ndarray,
) -> None:
    """Transactions with one line each."""
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
            "amount": amount.astype(int), "currency": "KRW", "source": "dms",
            "source_key": [f"T{i:08}" for i in range(len(made.keys))], "note": "",
        },
    )  # fmt: skip
    copy_into(
        "purchases_line",
        {
            "id": keys(rng, made.at), "created_at": at, "transaction_id": made.keys,
            "product_id": picked([str(p.pk) for p in products], product), "quantity": 1,
            "amount": amount.astype(int),
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
            "since": days.astype(str), "warranty_until": (days + 5 * 365).astype(str),
            "ended_on": None,
        },
    )  # fmt: skip
