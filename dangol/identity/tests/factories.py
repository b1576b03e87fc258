"""Records as sources send them."""

from __future__ import annotations

from itertools import count

from dangol.customers.actions import add_customer
from dangol.customers.models import Customer, SourceRecord
from dangol.identity.merging.actions import merge_customers
from dangol.identity.merging.splitting import split_records
from dangol.identity.models import Merge, Question, Split
from dangol.places.models import Place

KEYS = count(1)


def record(source: str = "shop", **values: str) -> SourceRecord:
    """A record that waits for its customer."""
    return SourceRecord.objects.create(source=source, key=f"K{next(KEYS)}", values=values)


HONG = {"name": "홍서연", "phone": "010-4321-8765", "born_on": "1988-03-14", "gender": "F"}


def known(place: Place | None, **values: str) -> Customer:
    """A customer of a place, known by one record that was read."""
    customer = add_customer(
        name=values.get("name", "홍서연"), home_place=place, by=None, source="shop",
        source_key=f"K{next(KEYS)}",
    )  # fmt: skip
    SourceRecord.objects.filter(customer=customer).update(
        values={**HONG, **values, **({"home": str(place.pk)} if place else {})}
    )
    return customer


def a_pair(place: Place | None = None, why: str = "weight", **other: str) -> Question:
    """Two customers of a place who look alike."""
    a, b = known(place).records.get(), known(place, **({"name": "홍서언"} | other)).records.get()
    steps = [["name", "typo", 6.9], ["phone", "same", 17.4], ["birth", "same", 14.1]]
    return Question.objects.create(a=a, b=b, why=why, weight=2.4, steps=steps, gain=0.5)


def a_merge(place: Place | None = None) -> Merge:
    """Two customers of a place who became one."""
    return merge_customers(known(place), known(place, name="홍서언"), by=None)


def a_split(place: Place | None = None) -> Split:
    """A customer of a place whose second record became another one."""
    customer = known(place)
    second = SourceRecord.objects.create(
        source="web", key=f"K{next(KEYS)}", values=customer.records.get().values, customer=customer
    )
    return split_records(customer, [second.pk], by=None)
