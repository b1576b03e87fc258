"""Organisations teach a model of their own, and a second run changes nothing."""

from __future__ import annotations

import pytest

from dangol.customers.models import Customer, Relation, SourceRecord
from dangol.demo.sources.companies import BOOKS, COLUMNS, companies, company_records
from dangol.identity.models import Model, Question, Run
from dangol.identity.recognising import all_records
from dangol.identity.recognising.all_records import match_all

pytestmark = pytest.mark.django_db


def test_each_kind_learns_a_model_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(all_records, "ENOUGH", 100)
    rows = []
    for _who, values in company_records(companies(400, 5), BOOKS, 5):
        said = dict(zip(COLUMNS, values, strict=True))
        source, key = said.pop("source"), said.pop("key")
        told = {k: v for k, v in said.items() if v}
        rows.append(SourceRecord(source=source, key=key, kind="organisation", values=told))
    SourceRecord.objects.bulk_create(rows)
    match_all(Run(kind="full"), by=None)
    model = Model.objects.get()
    assert (model.kind, model.version, model.records) == ("organisation", 1, len(rows))
    assert abs(Customer.objects.count() - 400) <= 40
    before = Customer.objects.count(), Question.objects.count(), Relation.objects.count()
    match_all(Run(kind="full"), by=None)
    assert before == (Customer.objects.count(), Question.objects.count(), Relation.objects.count())
