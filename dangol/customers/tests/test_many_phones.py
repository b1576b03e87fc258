"""Our own record has room for a few numbers; the tenth changes nothing of it."""

from __future__ import annotations

import pytest

from dangol.customers.actions import add_customer
from dangol.customers.models import SourceRecord
from dangol.customers.records.by_hand import say_by_hand

pytestmark = pytest.mark.django_db


def test_what_finds_no_room_overwrites_nothing_and_wakes_nobody() -> None:
    customer = add_customer(name="홍서연", by=None)
    for number in range(14):
        say_by_hand(customer, "phone", f"+82101111{number:04}", at=None)
    SourceRecord.objects.filter(customer=customer).update(unread=False)
    before = list(SourceRecord.objects.filter(customer=customer).values("values", "revision"))
    for number in range(14):
        say_by_hand(customer, "phone", f"+82101111{number:04}", at=None)
    rows = SourceRecord.objects.filter(customer=customer)
    assert (
        list(rows.values("values", "revision")) == before and not rows.filter(unread=True).exists()
    )
