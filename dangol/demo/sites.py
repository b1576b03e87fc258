"""The places of the demo company: 500 sales offices and 800 service centres over Korea."""

from __future__ import annotations

import numpy as np
from django.db import transaction

from dangol.demo.geography import AREA_CODES, PROVINCES, STREETS
from dangol.places.models import Calendar, Place
from dangol.places.tree import renumber

SALES_HOURS = {str(d): [["09:30", "12:30"], ["13:30", "19:00"]] for d in range(6)}
SERVICE_HOURS = {str(d): [["08:30", "12:00"], ["13:00", "17:30"]] for d in range(5)} | {
    "5": [["08:30", "12:30"]]
}
UNITS = [
    # code, name, English, kind of site, letter, word, English word
    ("SALES", "영업본부", "Sales division", "sales_office", "S", "지점", "office"),
    (
        "SERVICE",
        "서비스본부",
        "Service division",
        "service_centre",
        "V",
        "서비스센터",
        "service centre",
    ),
]


def spread(total: int) -> list[int]:
    """How many of `total` sites each province gets, by its share of people; at least one."""
    shares = np.array([p.share for p in PROVINCES])
    counts = np.maximum(1, np.floor(shares / shares.sum() * total)).astype(int)
    for i in np.argsort(-shares)[: total - counts.sum()]:
        counts[i] += 1
    while counts.sum() > total:
        counts[counts.argmax()] -= 1
    while counts.sum() < total:
        counts[shares.argmax()] += 1
    return [int(c) for c in counts]


@transaction.atomic
def make_sites(rng: np.random.Generator, offices: int, centres: int) -> list[Place]:
    """Make the tree and its calendars; the sites in the order of their code."""
    company = Place.objects.create(
        code="HQ", name="한빛자동차", name_en="Hanbit Motors", kind="company", lo=0, hi=0,
        calendar=Calendar.objects.create(name="본사", country="KR", hours=SALES_HOURS),
    )  # fmt: skip
    hours = {"SALES": SALES_HOURS, "SERVICE": SERVICE_HOURS}
    sites: list[Place] = []
    for (code, name, name_en, kind, letter, word, word_en), total in zip(
        UNITS, (offices, centres), strict=True
    ):
        calendar = Calendar.objects.create(name=name, country="KR", hours=hours[code])
        unit = Place.objects.create(
            code=code, name=name, name_en=name_en, kind="unit", parent=company, calendar=calendar,
            lo=0, hi=0,
        )  # fmt: skip
        for province, count in zip(PROVINCES, spread(total), strict=True):
            region = Place.objects.create(
                code=f"{letter}-{province.code}", name=f"{province.name} {name[:-2]}지역본부",
                name_en=f"{province.name_en} {name_en.split()[0].lower()} region",
                kind="region", parent=unit, lo=0, hi=0, region_code=province.code,
            )  # fmt: skip
            for i in range(count):
                district = province.districts[i % len(province.districts)]
                turn = i // len(province.districts)
                street = STREETS[int(rng.integers(len(STREETS)))]
                sites.append(
                    Place(
                        code=f"{letter}-{province.code}-{i + 1:03}", kind="site", site_kind=kind,
                        name=f"{province.name} {district}{turn + 1 if turn else ''}{word}",
                        name_en=f"{province.name_en} {word_en} {i + 1}",
                        parent=region, lo=0, hi=0, region_code=province.code,
                        address=f"{province.name} {district} {street} {int(rng.integers(1, 300))}",
                        phone=f"+82{AREA_CODES[province.code]}{int(rng.integers(2000000, 9999999))}",
                        latitude=province.latitude + float(rng.normal(0, 0.12)),
                        longitude=province.longitude + float(rng.normal(0, 0.14)),
                    )
                )  # fmt: skip
    Place.objects.bulk_create(sites, batch_size=500)
    renumber(Place)
    return list(Place.objects.filter(kind="site").order_by("code"))
