"""How some customers differ from everybody: shares, lifts, and whether chance could do it."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass
from math import sqrt
from typing import Any as Anything

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dangol.places.models import Place
from dangol.segments import catalogue
from dangol.segments.counting import Found
from dangol.warehouse.engine import Lake
from dangol.warehouse.facts import FACTS
from dangol.warehouse.manifest import root
from dangol.warehouse.numbers import keys_of

Numbers = np.ndarray
BANDS = (1, 2, 3, 5, 10, 20)
AGES = (31, 91, 181, 366, 731)
SURE = 2.58
"""Standard errors: a difference that chance alone makes once in a hundred times is not told."""


@dataclass(frozen=True)
class Dimension:
    """One way to part all customers: a code for each, and what the codes are."""

    key: str
    label: Anything
    codes: Numbers
    values: list[Anything]


@dataclass(frozen=True)
class Everybody:
    """All customers of a lake version, parted in every way."""

    ids: Numbers
    dimensions: list[Dimension]


@dataclass(frozen=True)
class Line:
    """One value of a dimension: its share among the members and among everybody."""

    key: str
    dimension: str
    value: str
    inside: float
    everybody: float
    sure: float
    """The difference in standard errors."""

    @property
    def lift(self) -> float:
        """How many times as frequent as among everybody."""
        return self.inside / self.everybody if self.everybody else 0.0


READ: dict[str, Everybody] = {}
GUARD = threading.Lock()


def everybody(seen: Lake, day: dt.date) -> Everybody:
    """All customers, read once for each version and day."""
    key = f"{root()} {seen.version} {day}"
    with GUARD:
        if key not in READ:
            made = read(seen, day)
            READ.clear()
            READ[key] = made
        return READ[key]


def read(seen: Lake, day: dt.date) -> Everybody:
    """One pass over customers and one over their transactions."""
    customers, sales, places = (seen.table(n) for n in ("customers", "transactions", "places"))
    bought = sales.filter(sales.customer.notnull() & (sales.day <= day)).group_by("customer")
    bought = bought.agg(times=ibis._.count(), last=ibis._.day.max())
    above = places.select(place=places.id, region=places.region_id.fill_null(places.id))
    asked = (
        customers.left_join(above, customers.home_place == above.place)
        .left_join(bought, customers.id == bought.customer)
        .select(
            customers.id, customers.kind, customers.gender, customers.birth_band, customers.language,
            customers.tier, customers.source, "region", times=bought.times.fill_null(0),
            since=ibis.literal(day).delta(bought.last, unit="day"),
        )
        .order_by("id")
    )  # fmt: skip
    rows = seen.run(asked)
    found = [
        coded(rows, name, FACTS["customers"].column(name).label)
        for name in ("kind", "gender", "birth_band", "language", "tier", "source")
    ]
    found += [
        coded(rows, "region", gettext_lazy("Home region")),
        banded(rows, "times", gettext_lazy("Transactions so far"), BANDS),
        banded(rows, "since", gettext_lazy("Last transaction"), AGES),
    ]
    return Everybody(rows["id"].to_numpy(), [d for d in found if len(d.values) > 1])


def coded(rows: pa.Table, name: str, label: Anything) -> Dimension:
    """A column as codes of its values."""
    column = pc.dictionary_encode(rows[name].combine_chunks(), null_encoding="encode")
    return Dimension(
        name, label, column.indices.to_numpy().astype(np.int32), column.dictionary.to_pylist()
    )


def banded(rows: pa.Table, name: str, label: Anything, ends: tuple[int, ...]) -> Dimension:
    """Numbers in bands; unknown is a band of its own, the last."""
    values = rows[name].combine_chunks()
    known = values.is_valid().to_numpy(zero_copy_only=False)
    numbers = pc.fill_null(values, 0).to_numpy()
    codes = np.where(known, np.searchsorted(ends, numbers, side="right"), len(ends) + 1)
    return Dimension(name, label, codes.astype(np.int32), list(range(len(ends) + 2)))


def profile(found: Found, day: dt.date) -> list[Line]:
    """Every value that some member or anybody has, dimension by dimension; everybody is who belongs
    to the place that was asked about."""
    all_of_them = everybody(found.seen, day)
    here = places_of(found.numbers, all_of_them)
    around = slice(None) if found.within is None else places_of(found.within.numbers, all_of_them)
    inside, whole = len(here), len(all_of_them.ids[around])
    lines = []
    if not inside:
        return []
    regions = region_names(all_of_them)
    for dimension in all_of_them.dimensions:
        size = len(dimension.values)
        ours = np.bincount(dimension.codes[here], minlength=size)
        theirs = np.bincount(dimension.codes[around], minlength=size)
        for code in np.flatnonzero(theirs):
            share, base = ours[code] / inside, theirs[code] / whole
            spread = sqrt(max(base * (1 - base) / inside * (1 - inside / whole), 1e-12))
            lines.append(
                Line(
                    dimension.key, str(dimension.label),
                    in_words(dimension, dimension.values[code], regions),
                    100 * share, 100 * base, (share - base) / spread,
                )
            )  # fmt: skip
    return lines


def places_of(numbers: Numbers, all_of_them: Everybody) -> Numbers:
    """Where customers stand among all."""
    here = np.searchsorted(all_of_them.ids, numbers)
    return here[here < len(all_of_them.ids)]


def telling(lines: list[Line], more: int = 8, less: int = 4) -> list[Line]:
    """What is surely different, the surest first: what is more frequent, then what is less."""
    sure = sorted(
        (line for line in lines if abs(line.sure) >= SURE), key=lambda line: -abs(line.sure)
    )
    return [
        *[line for line in sure if line.sure > 0][:more],
        *[line for line in sure if line.sure < 0][:less],
    ]


def region_names(all_of_them: Everybody) -> dict[int, str]:
    """The names of the regions."""
    numbers = [
        v for d in all_of_them.dimensions if d.key == "region" for v in d.values if v is not None
    ]
    keys = keys_of(Place, numbers)
    names = {p.pk: str(p) for p in Place.objects.filter(pk__in=keys.values())}
    return {number: names.get(key, "?") for number, key in keys.items()}


def in_words(dimension: Dimension, value: Anything, regions: dict[int, str]) -> str:
    """A value as people read it."""
    match dimension.key:
        case "times":
            return band(value, BANDS, times)
        case "since":
            if value == len(AGES) + 1:
                return _("never")
            return band(value, AGES, lambda n: _("%(n)s days ago") % {"n": n})
    if value is None or value == "":
        return _("unknown")
    match dimension.key:
        case "region":
            return regions.get(value, "?")
        case "birth_band":
            return _("born %(first)s–%(last)s") % {"first": value, "last": value + 4}
    column = FACTS[catalogue.CUSTOMERS].column(dimension.key)
    choices = catalogue.choices_of(catalogue.CUSTOMERS, column)
    return choices.get(value, str(value))


def times(number: object) -> str:
    """“1 time”, “3–4 times”."""
    return ngettext("%(n)s time", "%(n)s times", 1 if number == 1 else 2) % {"n": number}


def band(code: int, ends: tuple[int, ...], told: Anything) -> str:
    """“0”, “1”, “2”, “3–4”, “20 or more”."""
    low = 0 if code == 0 else ends[code - 1]
    if code >= len(ends):
        return str(_("%(least)s or more") % {"least": told(low)})
    high = ends[code] - 1
    return str(told(low if low == high else f"{low}–{high}"))
