"""Where runs and sources stand is one word, the same for Python, the database, the page and the list."""

from __future__ import annotations

from itertools import compress, product

import pytest
from django.urls import reverse
from django.utils import timezone

from dangol.customers.models import SourceRecord
from dangol.sources.models import Run, Source
from dangol.sources.queries import sources_with_standing
from dangol.sources.standing import OF_RUNS, OPEN, word_of_runs
from dangol.sources.tests.factories import a_source_of_files
from dangol.sources.words import RUN_STATES, STATES

INSTANTS = ("failed_at", "stopped_at", "ended_at", "asked_at", "allowed_at", "read_at", "begun_at", "token")  # fmt: skip


@pytest.fixture
def source(world):
    return a_source_of_files("shop")


def a_run(source: Source, *instants: str) -> Run:
    """A run of which these instants are there."""
    return Run(source=source, **dict.fromkeys(instants, timezone.now()))


def test_python_and_the_database_agree_on_every_run(source):
    found = set()
    for there in product((True, False), repeat=len(INSTANTS)):
        run = a_run(source, *compress(INSTANTS, there))
        run.save()
        [told] = Run.objects.annotate(word=word_of_runs()).values_list("word", flat=True)
        assert run.state == told
        found.add(told)
        run.delete()
    assert found == {word for word, _instants in OF_RUNS}


@pytest.mark.parametrize(
    ("instants", "word"),
    [
        ((), "waiting"),
        (("begun_at", "token"), "reading"),
        (("begun_at",), "waits"),
        (("begun_at", "token", "read_at"), "applying"),
        (("begun_at", "token", "asked_at"), "asks"),
        (("begun_at", "token", "asked_at", "allowed_at"), "reading"),
        (("begun_at", "token", "asked_at", "allowed_at", "read_at"), "applying"),
        (("begun_at", "token", "read_at", "ended_at"), "finished"),
        (("begun_at", "ended_at", "stopped_at"), "stopped"),
        (("begun_at", "ended_at", "failed_at"), "failed"),
    ],
)
def test_a_run_and_its_source_say_the_same(source, world, client, instants, word):
    run = a_run(source, *instants)
    run.save()
    [found] = sources_with_standing(world.anna)
    assert run.state == found.standing == word
    assert (word in OPEN) is (run.ended_at is None)
    client.force_login(world.anna)
    page = client.get(reverse("sources:source", args=[source.pk])).content.decode()
    listed = client.get(reverse("sources:list") + f"?state={word}").content.decode()
    assert str(STATES[word][0]) in page and str(RUN_STATES[word][0]) in page
    assert reverse("sources:source", args=[source.pk]) in listed
    Source.objects.update(paused_at=timezone.now())
    [found] = sources_with_standing(world.anna)
    assert found.standing == (word if word in OPEN else "paused")


def test_a_source_without_runs_or_with_records_that_wait(source, world):
    assert sources_with_standing(world.anna).get().standing == "never"
    a_run(source, "begun_at", "ended_at").save()
    SourceRecord.objects.create(source="shop", key="1", kind="person", unread=True)
    assert sources_with_standing(world.anna).get().standing == "unmatched"
    Source.objects.update(ready_at=None)
    assert sources_with_standing(world.anna).get().standing == "draft"
