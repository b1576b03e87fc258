"""The demo company's own attributes: what it asks each customer beyond what every company does."""

from __future__ import annotations

import numpy as np
from django.db import connection

from dangol.customers.attributes.actions import make_attribute
from dangol.demo.copying import copy_into, picked
from dangol.demo.customers import Customers
from dangol.demo.traits import Traits

COMMUTE = [("출퇴근", "Commuting"), ("가족", "Family"), ("여가", "Leisure"), ("업무", "Business")]
"""What a car is used for, in the order of `traits.USES`."""


def make_own_attributes(
    rng: np.random.Generator, made: Customers, people: Traits, today: np.datetime64
) -> None:
    """Four attributes, each known of some customers, as asked on paper at the sale."""
    uses = [{"code": name, "name": name, "name_en": name_en} for name, name_en in COMMUTE]
    asked = {
        "annual_km": ("연간 주행 거리", "Kilometres a year", "number", "km", []),
        "car_use": ("주 용도", "Main use", "choice", "", uses),
        "care_plan": ("케어 플랜", "Care plan", "yes_no", "", []),
        "inspection_on": ("정기 검사일", "Next inspection", "date", "", []),
    }
    n = len(made.keys)
    due = made.since.astype("datetime64[D]") + np.timedelta64(4 * 365, "D")
    due += ((np.maximum(0, (today - due).astype(int)) + 729) // 730 * 730).astype("timedelta64[D]")
    values = {
        "annual_km": ("figure", people.kilometres, rng.random(n) < 0.7),
        "car_use": ("choice", picked([name for name, _en in COMMUTE], people.use), rng.random(n) < 0.75),
        "care_plan": ("flag", people.member.tolist(), np.ones(n, bool)),
        "inspection_on": ("day", due.astype(str).tolist(), rng.random(n) < 0.85),
    }  # fmt: skip
    for key, (name, name_en, kind, unit, choices) in asked.items():
        attribute = make_attribute(
            key=key, name=name, name_en=name_en, kind=kind, unit=unit, choices=choices, by=None
        )
        column, what, known = values[key]
        rows = np.flatnonzero(known)
        empty = {"figure": None, "choice": None, "flag": None, "day": None}
        copy_into(
            "customers_attributevalue",
            empty | {
                "customer_id": picked(made.keys, rows), "attribute_id": str(attribute.pk),
                column: picked(what, rows),
            },
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE customers_attributevalue")
