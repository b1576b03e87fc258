"""The demo's databases lend whose each record is to the page that scores the matching."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from dangol.customers.models import SourceRecord
from dangol.demo.sources.cutting import truth_file
from dangol.identity.actions import run_full
from dangol.identity.audits.counting import count_figures
from dangol.identity.audits.truth import known_truth, score_against
from dangol.identity.merging.actions import merge_customers
from dangol.identity.models import Counted
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.tests.factories import HONG, record

pytestmark = pytest.mark.django_db


def test_the_matching_is_scored_against_the_hidden_truth(settings, tmp_path):
    settings.VAR = tmp_path
    assert known_truth() is None
    one, two = record("db01", **HONG), record("db02", **HONG)
    other = record("db02", name="김도현", phone="010-9999-1111", born_on="1971-01-01")
    truth_file().parent.mkdir(parents=True, exist_ok=True)
    rows = [("db01", one.key, "hong"), ("db02", two.key, "hong"), ("db02", other.key, "kim")]
    truth_file().write_text("".join(f"{','.join(row)}\n" for row in rows), "utf-8")
    match_waiting()
    truth = known_truth()
    assert truth == {one.pk: "hong", two.pk: "hong", other.pk: "kim"}
    scored = score_against(truth)
    assert (scored.precision, scored.recall, scored.customers) == (1.0, 1.0, 2)


def test_the_page_shows_the_score_as_a_job_counted_it_last(settings, tmp_path, client, world):
    settings.VAR = tmp_path
    one, two = record("db01", **HONG), record("db02", name="김도현", phone="010-9999-1111")
    truth_file().parent.mkdir(parents=True, exist_ok=True)
    truth_file().write_text(f"db01,{one.key},hong\ndb02,{two.key},kim\n", "utf-8")
    client.force_login(world.dana)
    page = reverse("matching:audits")
    assert client.get(page).context["scored"] is None
    run_full()
    found = client.get(page).context
    assert (found["scored"].customers, found["truth_precision"]) == (2, 100.0)
    counted = Counted.objects.get(key="truth").at
    assert found["scored_at"] == counted
    customers = [SourceRecord.objects.get(pk=r.pk).customer for r in (one, two)]
    merge_customers(*customers, by=world.dana, decided=True)
    with CaptureQueriesContext(connection) as asked:
        found = client.get(page).context
    assert found["scored"].customers == 2  # until the job has counted again
    assert not [q for q in asked if "FROM identity_link" in q["sql"]]
    assert "truth" in count_figures()
    found = client.get(page).context
    assert (found["scored"].customers, found["truth_precision"]) == (1, 0.0)
    assert [(c.pk, n) for c, _name, n in found["mixed"]] == [(customers[0].pk, 2)]
