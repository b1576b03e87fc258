"""The demo company cut into thirty databases on real servers, read, and united again."""

from __future__ import annotations

import pytest
from django.db import connection

from dangol.customers.models import Customer, SourceRecord
from dangol.customers.records.keeping import mirror_customers
from dangol.demo.sources.cutting import true_customers
from dangol.demo.sources.placing import SCHEMA, serve
from dangol.demo.sources.population import population
from dangol.demo.sources.uniting import unite_company
from dangol.identity.actions import run_full
from dangol.sources.actions import start_run
from dangol.sources.models import Run, Source
from dangol.sources.running.carrying import carry_on
from dangol.sources.tests.mariadb import mariadb

PEOPLE = 250


def make_customers() -> None:
    """A company of people with phones, e-mail and addresses."""
    from dangol.customers.models import ContactPoint

    for person in population(PEOPLE, seed=5):
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


@pytest.fixture
def place(settings, tmp_path):  # type: ignore[no-untyped-def]
    settings.VAR, settings.INBOX = tmp_path, tmp_path / "inbox"
    settings.INBOX.mkdir()
    settings.INNER_HOSTS = ["127.0.0.1"]
    yield settings
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


@pytest.mark.xdist_group("mariadb")
@pytest.mark.django_db(transaction=True)
def test_thirty_databases_become_one_company_again(place):
    make_customers()
    server = serve(0)
    with mariadb() as maria:
        maria = {k: v for k, v in maria.items() if k != "process"} | {"password": "s3cret"}
        address = f"http://127.0.0.1:{server.server_port}"
        made = unite_company(mariadb=maria, endpoint=address, say=lambda line: None)
        runs = [carry_on(start_run(source, by=None, now=False).pk) for source in made]
    server.shutdown()
    server.server_close()
    truth = true_customers()
    assert len(made) == 30
    assert {s.connection for s in made} == {"folder", "postgresql", "mariadb", "rest"}
    assert {run.state for run in runs} == {"finished"}
    assert sum(run.new for run in runs) + sum(run.refused for run in runs) == len(truth)
    assert sum(run.refused for run in runs) < len(truth) * 0.01
    strange = {what for run in Run.objects.all() for what in run.strange}
    assert {"test_data", "zero_date", "decomposed"} <= strange
    run_full()
    found = SourceRecord.objects.filter(source__startswith="db").values_list(
        "source", "key", "customer_id"
    )
    joined = [(truth[source, key], str(owner)) for source, key, owner in found if owner]
    right = sum(real == owner for real, owner in joined)
    assert len(joined) == sum(run.new for run in runs)
    assert right / len(joined) > 0.9, f"{right} of {len(joined)} found their customer"
    assert Source.objects.filter(next_at__isnull=False).count() == 30
