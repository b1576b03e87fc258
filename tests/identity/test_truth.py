"""The demo's databases lend whose each record is to the page that scores the matching."""

from __future__ import annotations

import pytest

from dangol.demo.sources.cutting import truth_file
from dangol.identity.audits.truth import known_truth, score_against
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
