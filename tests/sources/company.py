"""A company of people who will be cut into thirty databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from dangol.customers.models import ContactPoint, Customer
from dangol.customers.records.keeping import mirror_customers
from dangol.demo.sources.placing import SCHEMA
from dangol.demo.sources.population import population
from dangol.identity.audits.truth import Scored, known_truth, score_against


def make_customers(people: int) -> None:
    """People with phones, e-mail and addresses."""
    for person in population(people, seed=5):
        home = person.homes[-1]
        customer = Customer.objects.create(
            name=person.family + person.given, gender=person.gender.lower(),
            born_on="{}-{:02}-{:02}".format(*person.born),
        )  # fmt: skip
        parts = {"province": home.province, "district": home.district, "postcode": home.postcode,
                 "street": f"{home.street} {home.number}", "detail": f"{home.unit}호"}  # fmt: skip
        for kind, value, more in (
            ("phone", "+82" + person.phones[-1][1:], {}), ("email", person.emails[0], {}),
            ("address", " ".join(parts.values()), parts),
        ):  # fmt: skip
            ContactPoint.objects.create(customer=customer, kind=kind, value=value, parts=more)
    mirror_customers()


def scored() -> Scored:
    """Who is who now against who truly is."""
    truth = known_truth()
    assert truth is not None
    return score_against(truth)


@pytest.fixture
def place(settings, tmp_path) -> Iterator[object]:  # type: ignore[no-untyped-def]
    """An inbox of the test's own, and a schema that plays other systems."""
    settings.VAR, settings.INBOX = tmp_path, tmp_path / "inbox"
    settings.INBOX.mkdir()
    settings.INNER_HOSTS = ["127.0.0.1"]
    yield settings
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
