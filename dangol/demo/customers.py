"""The customers of the demo company and how to reach them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dangol.customers.contact_values import phone_tail
from dangol.customers.hangul import initials, letters
from dangol.customers.records.keeping import mirror_customers
from dangol.demo.copying import copy_into, instants, keys, picked
from dangol.demo.geography import PROVINCES, STREETS
from dangol.demo.names import company_names, email_addresses, mobile_numbers, person_names
from dangol.demo.traits import Traits

SOURCES = np.array(["dealer", "web", "service", "event"])
SOURCE_SHARES = [0.62, 0.18, 0.15, 0.05]
SOURCE_ERRORS = {"dealer": 0.018, "web": 0.012, "service": 0.03, "event": 0.085}
"""Hidden truth: share of wrong phone numbers by source."""


@dataclass
class Customers:
    """Columns of the customers that were made, in one order."""

    keys: list[str]
    phone_keys: list[str]
    wrong: np.ndarray
    source: np.ndarray
    site: np.ndarray
    since: np.ndarray


def make_customers(
    rng: np.random.Generator,
    n: int,
    office_of: np.ndarray,
    site_keys: list[str],
    provinces: np.ndarray,
    since: np.ndarray,
    people: Traits,
) -> Customers:
    """n customers, each at home at an office, known since their first purchase."""
    organisations = people.organisation
    names = person_names(rng, n)
    names[organisations] = company_names(rng, int(organisations.sum()))
    ids = keys(rng, since)
    source = rng.choice(SOURCES, n, p=SOURCE_SHARES)
    names_list = names.tolist()
    born = (
        (people.birth_year - 1970).astype("datetime64[Y]").astype("datetime64[D]")
        + rng.integers(0, 365, n).astype("timedelta64[D]")
    ).astype(str)
    told = (rng.random(n) < 0.8) & ~organisations
    at = instants(since)
    jamo = {name: letters(name) for name in set(names_list)}
    heads = {name: initials(name) for name in jamo}
    copy_into(
        "customers_customer",
        {
            "id": ids, "created_at": at, "kind": np.where(organisations, "organisation", "person"),
            "name": names_list, "given_name": "", "family_name": "",
            "born_on": [b if t else None for b, t in zip(born.tolist(), told.tolist(), strict=True)],
            "gender": people.gender, "language": "ko",
            "home_place_id": picked(site_keys, office_of), "tier": "", "note": "",
            "source": source, "source_key": [f"C{i:07}" for i in range(n)], "updated_at": at,
            "revision": 1, "name_jamo": [jamo[name] for name in names_list],
            "name_initials": [heads[name] for name in names_list],
        },
    )  # fmt: skip
    errors = np.array([SOURCE_ERRORS[s] for s in source])
    made = Customers(ids, keys(rng, since), rng.random(n) < errors, source, office_of, since)
    make_contact_points(rng, made, provinces, at)
    mirror_customers()
    return made


def make_contact_points(
    rng: np.random.Generator, made: Customers, provinces: np.ndarray, at: list[str]
) -> None:
    """A phone for everybody, e-mail for most, an address for all."""
    n = len(made.keys)
    phones = mobile_numbers(rng, n).tolist()
    common = {
        "created_at": at, "parts": {}, "label": "", "state": "unverified", "checked_at": None,
        "source": made.source, "ended_at": None,
    }  # fmt: skip
    copy_into(
        "customers_contactpoint",
        {
            "id": made.phone_keys, "customer_id": made.keys, "kind": "phone", "value": phones,
            "preferred": True, "tail": [phone_tail(p) for p in phones], **common,
        },
    )  # fmt: skip
    has_email = np.flatnonzero(rng.random(n) < 0.64)
    emails = email_addresses(rng, n)
    copy_into(
        "customers_contactpoint",
        {
            **common, "id": keys(rng, made.since[has_email]),
            "customer_id": picked(made.keys, has_email), "kind": "email",
            "value": emails[has_email], "preferred": False, "tail": "",
            "created_at": picked(at, has_email), "source": made.source[has_email],
        },
    )  # fmt: skip
    lines, parts = addresses(rng, provinces)
    copy_into(
        "customers_contactpoint",
        {
            **common, "id": keys(rng, made.since), "customer_id": made.keys, "kind": "address",
            "value": lines, "parts": parts, "preferred": False, "tail": "",
        },
    )  # fmt: skip


def addresses(rng: np.random.Generator, provinces: np.ndarray) -> tuple[list[str], list[dict]]:
    """One-line addresses and their parts in the customers' provinces."""
    lines: list[str] = []
    parts: list[dict] = []
    n = len(provinces)
    picks, streets = rng.integers(0, 1 << 30, n), rng.integers(0, len(STREETS), n)
    numbers, flats, codes = (
        rng.integers(1, 400, n),
        rng.integers(101, 2500, n),
        rng.integers(1000, 63000, n),
    )
    for i, index in enumerate(provinces.tolist()):
        province = PROVINCES[index]
        district = province.districts[int(picks[i]) % len(province.districts)]
        part = {
            "postcode": f"{int(codes[i]):05}", "province": province.name, "district": district,
            "street": f"{STREETS[int(streets[i])]} {int(numbers[i])}", "detail": f"{int(flats[i])}호",
            "country": "KR",
        }  # fmt: skip
        parts.append(part)
        lines.append(
            f"({part['postcode']}) {province.name} {district} {part['street']} {part['detail']}"
        )
    return lines, parts
