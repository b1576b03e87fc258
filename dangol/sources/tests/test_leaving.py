"""A run that asks shows which rows would be marked as gone."""

import pytest
from django.urls import reverse

from dangol.sources.actions import start_run
from dangol.sources.leaving import leaving
from dangol.sources.models import Run
from dangol.sources.running.carrying import carry_on
from dangol.sources.tests.factories import HEADINGS, a_source, put, ran

PEOPLE = [[str(n), f"이름{n}", f"010-2222-{n:04}", "", ""] for n in range(30)]


@pytest.fixture
def asking(world, client):
    """A source of thirty of whom nine came back."""
    client.force_login(world.dana)
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    ran(source)
    put("people.csv", [HEADINGS, *PEOPLE[:9]])
    run = carry_on(start_run(source, by=None, now=False).pk)
    assert run.state == "asks"
    return run


def test_the_rows_that_would_go_stand_under_the_question(asking, client) -> None:
    found = leaving(Run.objects.select_related("source").get(pk=asking.pk))
    assert found is not None and (found.count, len(found.rows), found.more) == (21, 20, 1)
    page = client.get(reverse("sources:source", args=[asking.source_id])).content.decode()
    assert "이름10" in page and "이름3<" not in page and "21" in page


def test_once_it_is_answered_nothing_is_listed(asking) -> None:
    Run.objects.filter(pk=asking.pk).update(allowed_at=asking.created_at)
    assert leaving(Run.objects.select_related("source").get(pk=asking.pk)) is None


def test_a_large_run_says_the_number_alone(asking, monkeypatch) -> None:
    monkeypatch.setattr("dangol.sources.leaving.MOST", 5)
    found = leaving(Run.objects.select_related("source").get(pk=asking.pk))
    assert found is not None and (found.count, found.rows) == (21, [])
