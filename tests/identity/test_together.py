"""Two people and the matching at once: each deed is done once, and nobody waits for ever."""

from __future__ import annotations

import pytest

from dangol.customers.models import Customer, SourceRecord
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.models import Label, Merge
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.stewarding.answering import answer_question, take_back
from dangol.identity.tests.factories import a_pair, known
from tests.identity.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_answer_that_is_taken_back_twice_is_taken_back_once(world) -> None:
    question = a_pair(world.place("GANGNAM"))
    label = answer_question(question, "same", by=world.anna)
    again = Label.objects.get(pk=label.pk)
    found = at_once(
        lambda: take_back(label, by=world.anna), lambda: take_back(again, by=world.anna)
    )
    assert sorted(found) == sorted(["done", "이미 되돌린 답변이에요."])
    assert Customer.objects.count() == 2 and not Merge.objects.filter(undone_at=None).exists()


@pytest.mark.parametrize("turn", range(3))
def test_two_who_merge_the_same_two_while_the_matching_reads_them(world, turn) -> None:
    a, b = known(None), known(None, name="이서연", phone="010-7777-1234", born_on="1991-01-01")
    SourceRecord.objects.update(unread=True)
    found = at_once(
        lambda: merge_customers(a, b, by=None),
        lambda: merge_customers(b, a, by=None),
        match_waiting,
    )
    assert found.count("done") == 2 and Customer.objects.count() == 1


def test_an_undo_and_another_merge_of_the_survivor(world) -> None:
    a, b = known(None), known(None, name="이서연", phone="010-7777-1234", born_on="1991-01-01")
    x = known(None, name="박도윤", phone="010-8888-1234", born_on="1971-01-01")
    merge = merge_customers(b, x, by=None)
    found = at_once(lambda: undo_merge(merge, by=None), lambda: merge_customers(a, b, by=None))
    assert found == ["done", "done"]
    assert {c.pk for c in Customer.objects.all()} == {a.pk, x.pk}
