"""Whoever came by a merge and is split off by hand takes along what the merge brought."""

from __future__ import annotations

import pytest

from dangol.customers.models import Customer, SourceRecord
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.preview import split_moves
from dangol.identity.merging.splitting import split_records, undo_split
from dangol.identity.tests.factories import known
from dangol.interactions.models import Interaction

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(world) -> tuple[Customer, Customer]:
    """Two customers, each with a record and a conversation about its own number."""
    ada, eve = known(None), known(None, name="이서연", phone="010-7777-1234", born_on="1991-01-01")
    for one in (ada, eve):
        point = one.contact_points.filter(kind="phone").first()
        Interaction.objects.create(customer=one, contact_point=point, channel="phone")
    return ada, eve


def talks() -> set[tuple[object, object]]:
    """Whose each conversation is, and which number it went by."""
    return set(Interaction.objects.values_list("customer_id", "contact_point_id"))


def test_its_conversations_go_along_and_come_back(two, world) -> None:
    ada, eve = two
    record = SourceRecord.objects.get(customer=eve).pk
    before = talks()
    merge_customers(ada, eve, by=world.dana)
    together = talks()
    assert {owner for owner, _point in together} == {ada.pk}
    extra = SourceRecord.objects.create(
        source="web", key="W9", customer=ada, values={"name": "이서연"}
    )
    assert not [w for w in split_moves(ada.pk, [extra.pk]) if "상담" in w or "conversation" in w]
    assert [w for w in split_moves(ada.pk, [record, extra.pk]) if "상담 1" in w or "1 conv" in w]
    split = split_records(ada, [record, extra.pk], by=world.dana)
    after = {(eve.pk if owner == split.new_key else owner, point) for owner, point in talks()}
    assert after == before
    undo_split(split, by=world.dana)
    assert talks() == together


def test_an_undone_merge_of_who_was_split_off_leaves_old_calls_their_number(world) -> None:
    one = known(None)
    other = SourceRecord.objects.create(
        source="web", key="W1", customer=one, values={"name": "홍서연", "phone": "010-5555-6666"}
    )
    one.refresh_from_db()
    point = one.contact_points.create(kind="phone", value="+821055556666", source="web")
    Interaction.objects.create(customer=one, contact_point=point, channel="phone")
    before = talks()
    split = split_records(one, [other.pk], by=world.dana)
    new = Customer.objects.get(pk=split.new_key)
    parted = talks()
    merge = merge_customers(one, new, by=world.dana, decided=True)
    undo_merge(merge, by=world.dana)
    assert talks() == parted
    undo_split(split, by=world.dana)
    assert talks() == before
