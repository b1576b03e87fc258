"""The trail names who was merged, split off and given back, masked as names are."""

from __future__ import annotations

import pytest
from django.urls import reverse

from dangol.customers.models import SourceRecord
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.splitting import split_records, undo_split
from dangol.identity.tests.factories import known

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(client, world):  # type: ignore[no-untyped-def]
    """The trail as the privacy officer reads it."""
    client.force_login(world.pia)
    return lambda: client.get(reverse("places:audit"), headers={"Accept-Language": "ko"}).text


def test_who_was_split_off_and_given_back_is_named(world, trail) -> None:
    customer = known(world.place("GANGNAM"))
    record = SourceRecord.objects.create(
        source="web", key="W1", customer=customer, values={"name": "최윤서"}
    )
    split = split_records(customer, [record.pk], by=None)
    assert f"레코드: {record.pk} → 최*서" in trail()
    undo_split(split, by=None)
    page = trail()
    assert "분리한 고객: 최*서 → –" in page
    assert str(split.new_key) not in page and "최윤서" not in page


def test_who_was_merged_is_named_then_and_after_it_was_undone(world, trail) -> None:
    stays, goes = known(world.place("GANGNAM")), known(world.place("GANGNAM"), name="김도현")
    merge = merge_customers(stays, goes, by=None)
    assert "통합한 고객: 김*현" in trail()
    undo_merge(merge, by=None)
    page = trail()
    assert "통합한 고객: 홍*연 → –" in page and "김도현" not in page
    assert str(goes.pk) not in page and str(stays.pk) not in page
