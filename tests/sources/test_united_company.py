"""The demo company cut into thirty databases on real servers, and united again by its schedule."""

from __future__ import annotations

import pytest

from dangol.customers.models import SourceRecord
from dangol.demo.sources.cutting import true_customers
from dangol.demo.sources.placing import serve
from dangol.demo.sources.uniting import unite_company
from dangol.identity.audits.counting import counted_truth
from dangol.identity.models import Run as MatchingRun
from dangol.sources.models import Run, Source
from dangol.sources.tests.mariadb import mariadb
from tests.sources.company import make_customers, place, scored  # noqa: F401 - a fixture
from tests.sources.schedule import a_night

PEOPLE = 250


@pytest.mark.xdist_group("mariadb")
@pytest.mark.django_db(transaction=True)
def test_thirty_databases_become_one_company_again_by_their_schedule(place):  # noqa: F811
    make_customers(PEOPLE)
    server = serve(0)
    with mariadb() as maria:
        maria = {k: v for k, v in maria.items() if k != "process"} | {"password": "s3cret"}
        address = f"http://127.0.0.1:{server.server_port}"
        made = unite_company(mariadb=maria, endpoint=address, say=lambda line: None)
        assert len(made) == 33  # thirty of people, three of organisations, of which there are none
        assert {s.connection for s in made} == {"folder", "postgresql", "mariadb", "rest"}
        a_night()
    server.shutdown()
    server.server_close()
    truth, runs = true_customers(), list(Run.objects.all())
    assert len(runs) == 33 and {run.state for run in runs} == {"finished"}
    assert sum(run.new for run in runs) + sum(run.refused for run in runs) == len(truth)
    assert sum(run.refused for run in runs) < len(truth) * 0.01
    strange = {what for run in runs for what in run.strange}
    assert {"test_data", "zero_date", "decomposed"} <= strange
    found = scored()
    assert found.precision >= 0.999 and found.recall >= 0.97, found
    assert found.records == sum(run.new for run in runs)
    assert not SourceRecord.objects.filter(unread=True).exists()
    kept = counted_truth()
    assert kept is not None and (kept[0].right, kept[0].joined) == (found.right, found.joined)
    assert not MatchingRun.objects.exclude(failure="").exists()
    assert Source.objects.filter(next_at__isnull=False).count() == 33
    told: list[str] = []
    assert {s.code for s in unite_company(most=10, say=told.append)} == {s.code for s in made}
    assert true_customers() == truth and len(told) == 1
