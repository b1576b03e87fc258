import datetime as dt

import pytest
from django.urls import reverse

from dangol.core.models import AuditEntry, Event
from dangol.customers.models import Customer
from dangol.interactions.actions import (
    begin_thread,
    end_thread,
    mark_answered,
    mark_ended,
    mark_ringing,
    mark_wrapped,
    open_interaction,
)  # fmt: skip
from dangol.interactions.models import Interaction
from dangol.interactions.queries import interactions_visible_to

START = dt.datetime(2026, 3, 9, 1, 0, tzinfo=dt.UTC)
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def talk(world):
    who = Customer.objects.create(name="김단골")
    thread = begin_thread(who, begun_by="test", by=None, at=START, place=world.place("GANGNAM"))
    return open_interaction(
        who, thread=thread, place=thread.place, agent=world.ada, by=world.ada, at=START
    )


def test_each_instant_is_written_once_and_in_order(world, talk):
    mark_ringing(talk, by=None, at=START + SECOND)
    mark_answered(talk, by=None, at=START + 3 * SECOND)
    mark_answered(talk, by=None, at=START + 9 * SECOND)
    mark_ringing(talk, by=None, at=START + 9 * SECOND)
    mark_ended(talk, by=None, at=START + 2 * SECOND)
    row = Interaction.objects.get()
    assert row.answered_at == START + 3 * SECOND
    assert row.ended_at == START + 3 * SECOND


def test_a_late_ring_after_the_end_changes_nothing(talk):
    mark_ended(talk, by=None, at=START + SECOND, outcome="busy")
    mark_ringing(talk, by=None, at=START + 5 * SECOND)
    mark_answered(talk, by=None, at=START + 5 * SECOND)
    row = Interaction.objects.get()
    assert (row.ringing_at, row.answered_at, row.outcome) == (None, None, "busy")


def test_wrapping_twice_keeps_the_first_words(world, talk):
    mark_wrapped(talk, by=world.ada, outcome="done", note="첫째", at=START + 9 * SECOND)
    mark_wrapped(talk, by=world.ada, outcome="refused", note="둘째", at=START + 10 * SECOND)
    row = Interaction.objects.get()
    assert (row.outcome, row.note, row.ended_at) == ("done", "첫째", START + 9 * SECOND)
    assert Event.objects.filter(name="interactions.InteractionEnded").count() == 1


def test_a_thread_ends_once(talk):
    assert end_thread(talk.thread, by=None, at=START)
    assert not end_thread(talk.thread, by=None, at=START + SECOND)


def test_the_same_key_is_the_same_conversation(world, talk):
    again = open_interaction(talk.customer, by=world.ada, key=talk.pk)
    assert again == talk
    assert Interaction.objects.count() == 1


def test_conversations_are_seen_within_the_scope(world, talk):
    assert talk in interactions_visible_to(world.grace)
    assert talk not in interactions_visible_to(world.eve)


def test_the_list_and_the_page(world, client, talk, django_assert_max_num_queries):
    mark_wrapped(talk, by=world.ada, outcome="done", note="만족", at=START + 9 * SECOND)
    client.force_login(world.ada)
    assert "김단골" in client.get(reverse("interactions:list")).content.decode()
    with django_assert_max_num_queries(12):
        shown = client.get(reverse("interactions:interaction", args=[talk.pk])).content.decode()
    assert "만족" in shown
    client.post(reverse("interactions:note", args=[talk.pk]), {"note": "매우 만족"})
    assert Interaction.objects.get().note == "매우 만족"
    assert AuditEntry.objects.get(verb="correct_note").changes == {"note": ["만족", "매우 만족"]}


def test_outsiders_and_other_agents(world, client, talk):
    mark_wrapped(talk, by=world.ada, outcome="done", note="만족")
    page = reverse("interactions:interaction", args=[talk.pk])
    client.force_login(world.eve)
    assert client.get(page).status_code == 404
    client.force_login(world.mark)
    assert client.get(page).status_code == 403
    client.force_login(world.bob)
    assert (
        client.post(reverse("interactions:note", args=[talk.pk]), {"note": "x"}).status_code == 404
    )
    assert Interaction.objects.get().note == "만족"


def test_a_site_manager_sees_the_name_masked(world, client, talk):
    client.force_login(world.grace)
    shown = client.get(reverse("interactions:interaction", args=[talk.pk])).content.decode()
    assert "김*골" in shown
    assert "김단골" not in shown


def test_the_customers_panel(world, client, talk):
    client.force_login(world.ada)
    panel = reverse("interactions:customer_panel", args=[talk.customer_id])
    assert "전화" in client.get(panel).content.decode()
