"""Whatever way it was written here, it stands in a record of our own."""

from __future__ import annotations

import json

import pytest

from dangol.customers.actions import add_contact_point, add_customer, check_contact_point
from dangol.customers.models import ContactPoint, Customer, SourceRecord
from dangol.customers.records.by_hand import write_by_hand
from dangol.customers.records.keeping import mirror_customers

pytestmark = pytest.mark.django_db
ONE, TWO = "+821011111111", "+821022222222"


def said(customer: Customer) -> dict[str, dict[str, object]]:
    """What each source says of a customer."""
    return {r.source: r.values for r in SourceRecord.objects.filter(customer=customer)}


def test_the_page_of_a_new_customer_writes_phone_and_mail_into_its_record(client, world):
    client.force_login(world.anna)
    sent = {"name": "김새봄", "kind": "person", "language": "ko", "phone": "010-1111-1111",
            "email": "New@mail.example", "anyway": "1"}  # fmt: skip
    client.post("/customers/new/", sent)
    customer = Customer.objects.get(name="김새봄")
    [(source, values)] = said(customer).items()
    assert source == "manual"
    assert (values["phone"], values["email"]) == (ONE, "new@mail.example")
    record = SourceRecord.objects.get(customer=customer)
    assert record.since("name") == customer.created_at, "what is written here is as old as that"
    assert all(p.preferred for p in customer.contact_points.all())


def test_what_was_put_right_on_a_call_is_taken_out_of_our_record(world):
    customer = add_customer(name="김철수", by=None, source="shop", source_key="1")
    point = add_contact_point(customer, "phone", ONE, by=world.ada, source="agent")
    assert said(customer)["dangol"] == {"phone": ONE}
    check_contact_point(point, "wrong", by=world.ada, new_value=TWO)
    assert said(customer)["dangol"] == {"phone": TWO}
    assert ContactPoint.objects.get(preferred=True).value == TWO


def test_our_record_that_a_split_gave_away_is_not_written_into(world):
    customer, other = (add_customer(name=n, by=None, source="s", source_key=n) for n in "가나")
    mine = write_by_hand(customer, {"note": "하나"})
    SourceRecord.objects.filter(pk=mine.pk).update(customer=other)
    again = write_by_hand(customer, {"note": "둘"})
    assert (again.customer_id, again.values) == (customer.pk, {"note": "둘"})
    mine.refresh_from_db()
    assert mine.values == {"note": "하나"}
    assert write_by_hand(customer, {"tier": "gold"}).pk == again.pk


def test_every_open_number_of_a_customer_without_a_record_is_in_the_one_it_gets():
    customer = Customer.objects.create(name="김철수")
    for number in range(4):
        ContactPoint.objects.create(customer=customer, kind="phone", value=f"+8210000000{number}")
    assert mirror_customers([customer.pk]) == 1
    values = said(customer)["dangol"]
    assert {values[f] for f in ("phone", "phone2", "phone3", "phone4")} == {
        f"+8210000000{n}" for n in range(4)
    }
    assert json.dumps(values)
