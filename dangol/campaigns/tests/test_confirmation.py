import dataclasses
import datetime as dt

from django.db import transaction

from dangol.campaigns.actions import claim_next
from dangol.campaigns.models import Target
from dangol.campaigns.tests.factories import MONDAY_TEN, customer, programme, stage
from dangol.core.events import DomainEvent, publish
from dangol.core.ids import uuid7
from dangol.interactions.models import Interaction, Thread


def said(name, case, thread, at=MONDAY_TEN):
    kind = dataclasses.make_dataclass(name, [], bases=(DomainEvent,), frozen=True, kw_only=True)
    kind.__module__ = "dangol.cases.events"
    with transaction.atomic():
        publish(
            kind(subject_id=case, thread_id=thread.pk, customer_id=thread.customer_id),
            by=None,
            at=at,
        )


def opened(world):
    stage(programme(world.place("HQ"), purpose="confirmation", quarantine_days=0), name="확인")
    return Thread.objects.create(customer=customer(), place=world.place("GANGNAM"), begun_by="case")


def test_a_resolved_case_is_confirmed_at_once_in_its_own_thread(world):
    thread, case = opened(world), uuid7()
    said("CaseResolved", case, thread)
    due = Target.objects.get()
    assert (due.thread, due.subject_id, due.next_at) == (thread, case, MONDAY_TEN)
    Interaction.objects.create(
        customer=thread.customer, thread=thread, channel="phone",
        queued_at=MONDAY_TEN - dt.timedelta(hours=1), answered_at=MONDAY_TEN - dt.timedelta(hours=1),
    )  # fmt: skip
    assert claim_next(world.ada, at=MONDAY_TEN) == due


def test_told_twice_it_falls_due_once(world):
    thread, case = opened(world), uuid7()
    said("CaseResolved", case, thread)
    said("CaseResolved", case, thread)
    assert Target.objects.count() == 1


def test_a_case_closed_another_way_needs_no_call(world):
    thread, case = opened(world), uuid7()
    said("CaseResolved", case, thread)
    said("CaseClosed", case, thread, MONDAY_TEN + dt.timedelta(hours=1))
    assert Target.objects.get().result == "not_needed"
    assert claim_next(world.ada, at=MONDAY_TEN) is None


def test_without_a_confirmation_programme_nothing_falls_due(world):
    thread = Thread.objects.create(customer=customer(), begun_by="case")
    said("CaseResolved", uuid7(), thread)
    assert not Target.objects.exists()
