"""The trail tells of runs by their source and the moment, not by their ids."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from dangol.core.models import AuditEntry
from dangol.sources.actions import start_run
from dangol.sources.models import Run
from dangol.sources.tests.factories import HEADINGS, PEOPLE, a_source, put

pytestmark = pytest.mark.django_db


def test_a_run_is_called_by_its_source_and_the_moment(client, world, inbox) -> None:
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source(code="shop")
    run = start_run(source, by=world.anna, now=False)
    began = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)
    Run.objects.filter(pk=run.pk).update(created_at=began)
    AuditEntry.objects.create(
        verb="stop_run", by=world.anna, subject_type="sources.run", subject_id=run.pk, changes={}
    )
    client.force_login(world.pia)
    address = reverse("places:audit")
    page = client.get(address, headers={"Accept-Language": "ko"}).text
    assert str(run.pk) not in page
    assert ">실행: shop · 2026-03-02 18:30<" in page, "what was begun of the source"
    assert "데이터 소스 실행: shop · 2026-03-02 18:30" in page, "what was stopped"
    answer = client.get(f"{address}?export=csv", headers={"Accept-Language": "ko"})
    told = b"".join(answer.streaming_content).decode()
    assert "실행: shop · 2026-03-02 18:30" in told and str(run.pk) not in told.split("실행: ", 1)[1]
