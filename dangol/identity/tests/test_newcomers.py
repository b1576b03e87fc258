"""Files of thousands of customers: who was here before is joined, nobody else."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.utils import timezone

from dangol.customers.models import Customer, SourceRecord
from dangol.identity import actions
from dangol.identity.merging.actions import undo_merge
from dangol.identity.merging.apart import keep_apart
from dangol.identity.models import Merge, Question, Run, RunKind
from dangol.identity.recognising import following
from dangol.identity.recognising.new_records import read_and_mark
from dangol.identity.tests.factories import HONG, known, record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every record that waits is one of very many."""
    monkeypatch.setattr(actions, "TOO_MANY", 0)


def imported(**values: str) -> Customer:
    """A customer whom a file has just brought."""
    customer = known(None, **values)
    SourceRecord.objects.filter(customer=customer).update(unread=True)
    return customer


def settled() -> Customer:
    """A customer who was here before any file."""
    customer = imported()
    actions.run_new()
    return customer


def test_a_newcomer_joins_who_was_here_and_can_leave_again() -> None:
    here = settled()
    new = imported()
    assert actions.run_new()["merged"] == 1
    merge = Merge.objects.get()
    assert (merge.survivor_id, merge.merged_key) == (here.pk, new.pk)
    assert not Question.objects.exists() and Run.objects.first().kind == RunKind.FULL
    undo_merge(merge, by=None)
    assert set(Customer.objects.values_list("pk", flat=True)) == {here.pk, new.pk}


def test_two_newcomers_and_a_waiting_record_become_one() -> None:
    imported(), imported(), record("web", **HONG)
    actions.run_new()
    assert Customer.objects.get().records.count() == 3


def test_two_who_were_here_are_asked_about_with_the_newcomer_apart() -> None:
    one, two = settled(), known(None)
    read_and_mark([two.records.get()])
    new = imported()
    actions.run_new()
    assert Customer.objects.filter(pk__in=[one.pk, two.pk, new.pk]).count() == 3
    assert Question.objects.filter(why="customers").exists()


def test_what_a_person_told_apart_stays_apart() -> None:
    here, new = settled(), imported()
    keep_apart(here.pk, new.pk, by=None)
    actions.run_new()
    assert not Merge.objects.exists() and Customer.objects.count() == 2


def test_a_customer_follows_the_records_that_join_it_and_those_that_change() -> None:
    here = settled()
    record("web", **HONG, email="seoyeon@example.com")
    assert actions.run_new()["followed"] == 1
    assert here.contact_points.filter(kind="email").get().value == "seoyeon@example.com"
    web = SourceRecord.objects.get(source="web")
    web.values = {**web.values, "email": "hong@example.com"}
    web.unread, web.revision, web.changed_at = True, 2, timezone.now()
    web.save()
    assert actions.run_new()["followed"] == 1
    live = here.contact_points.filter(kind="email", ended_at=None)
    assert live.get().value == "hong@example.com"
    assert not SourceRecord.objects.filter(unread=True).exists()


def test_a_run_that_dies_before_customers_follow_is_gone_on_with(monkeypatch) -> None:
    here = settled()
    record("web", **HONG, email="seoyeon@example.com")

    def die(*_args: object, **_more: object) -> int:
        raise OperationalError("the server closed the connection")

    with monkeypatch.context() as broken:
        broken.setattr(following, "refresh_golden", die)
        with pytest.raises(OperationalError):
            actions.run_new()
    assert not here.contact_points.filter(kind="email").exists()
    actions.run_new()
    assert here.contact_points.filter(kind="email").get().value == "seoyeon@example.com"
