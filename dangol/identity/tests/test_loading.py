"""While a source applies what it read, a full run does not begin on half of it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from dangol.customers.models import SourceRecord
from dangol.identity import actions
from dangol.identity.models import Run
from dangol.sources.models import Run as SourceRun
from dangol.sources.models import Source

pytestmark = pytest.mark.django_db


def a_run(**said: object) -> SourceRun:
    source = Source.objects.create(code="crm", name="crm", system="crm", entity="person", connection="folder")  # fmt: skip
    return SourceRun.objects.create(source=source, begun_at=timezone.now(), **said)


def test_a_source_that_applies_holds_the_full_run_back(monkeypatch):
    monkeypatch.setattr(actions, "TOO_MANY", 2)
    SourceRecord.objects.bulk_create(
        SourceRecord(source="crm", key=str(n), values={"name": f"이름{n}"}) for n in range(3)
    )
    run = a_run(read_at=timezone.now())
    assert actions.loading() and actions.run_new() == {"records": 0}
    assert not Run.objects.exists()
    SourceRun.objects.filter(pk=run.pk).update(ended_at=timezone.now())
    assert not actions.loading() and actions.run_new()["records"] == 3


def test_a_source_that_only_reads_or_takes_hours_holds_nobody_up():
    run = a_run()
    assert not actions.loading()
    SourceRun.objects.filter(pk=run.pk).update(read_at=timezone.now() - dt.timedelta(hours=2))
    assert not actions.loading()
