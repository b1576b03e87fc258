import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from dangol.core.models import AuditEntry
from dangol.customers.actions import (
    EditConflict,
    add_contact_point,
    add_customer,
    change_customer,
    check_contact_point,
)
from dangol.customers.models import Check, Customer
from dangol.customers.queries import usable_phone, usable_phones


def test_two_people_edit_different_fields_and_both_stay(world):
    customer = add_customer(name="김철수", by=world.ada)
    change_customer(customer, by=world.ada, revision=1, seen={"note": ""}, note="전화 선호")
    change_customer(customer, by=world.bob, revision=1, seen={"name": "김철수"}, name="김철호")
    customer.refresh_from_db()
    assert (customer.name, customer.note, customer.revision) == ("김철호", "전화 선호", 3)
    assert customer.name_initials == "ㄱㅊㅎ"


def test_a_field_that_was_only_shown_is_no_edit(world):
    customer = add_customer(name="김철수", by=world.ada)
    change_customer(customer, by=world.ada, revision=1, seen={"note": ""}, note="전화 선호")
    shown = {"name": "김철수", "note": ""}
    change_customer(customer, by=world.bob, revision=1, seen=shown, name="김철호", note="")
    customer.refresh_from_db()
    assert (customer.name, customer.note) == ("김철호", "전화 선호")


def test_two_people_edit_the_same_field_and_the_second_is_told(world):
    customer = add_customer(name="김철수", by=world.ada)
    change_customer(customer, by=world.ada, revision=1, seen={"note": ""}, note="첫째")
    with pytest.raises(EditConflict) as caught:
        change_customer(customer, by=world.bob, revision=1, seen={"note": ""}, note="둘째")
    assert caught.value.theirs == {"note": "첫째"}
    assert Customer.objects.get().note == "첫째"


def test_a_correction_is_kept_against_the_old_value(world):
    customer = add_customer(name="김철수", by=None)
    old = add_contact_point(customer, "phone", "010-1234-5678", by=None, source="import")
    new = check_contact_point(old, "wrong", by=world.ada, new_value="010-7777-8888")
    assert new.value == "+821077778888"
    assert new.state == "verified"
    old.refresh_from_db()
    assert old.state == "wrong"
    assert old.ended_at is not None
    assert Check.objects.get(contact_point=old).source == "import"
    assert usable_phone(customer) == new


def test_a_wrong_new_number_stores_nothing(world):
    customer = add_customer(name="김철수", by=None)
    point = add_contact_point(customer, "phone", "010-1234-5678", by=None)
    with pytest.raises(ValidationError):
        check_contact_point(point, "wrong", by=world.ada, new_value="전화 없음")
    point.refresh_from_db()
    assert point.state == "unverified"
    assert not Check.objects.exists()


@pytest.mark.parametrize("name", ["\u200b\u200b", " \u200b "])
def test_a_name_that_nobody_can_see_is_refused(world, client, name):
    client.force_login(world.ada)
    facts = {"kind": "person", "name": name, "language": "ko", "phone": "", "email": ""}
    assert client.post("/customers/new/", facts).status_code == 200
    assert not Customer.objects.exists()
    known = add_customer(name="김철수", by=world.ada, home_place=world.place("GANGNAM"))
    answer = client.post(f"/customers/{known.pk}/edit/", {**facts, "revision": "1"})
    assert answer.status_code == 200
    assert Customer.objects.get().name == "김철수"


def test_a_number_is_chosen_before_the_others_and_stays_so(client, world) -> None:
    customer = add_customer(name="홍서연", by=None, home_place=world.place("GANGNAM"))
    old = add_contact_point(customer, "phone", "010-1111-2222", by=None)
    new = add_contact_point(customer, "phone", "010-3333-4444", by=None)
    check_contact_point(new, "verified", by=None)
    address = f"/customers/{customer.pk}/contact-points/{old.pk}/choosing/"
    client.force_login(world.anna)
    assert client.post(address).status_code == 302
    preferred = customer.contact_points.filter(preferred=True, ended_at=None)
    assert [p.pk for p in preferred] == [old.pk] == [usable_phones(customer.pk).first().pk]
    entry = AuditEntry.objects.get(verb="choose_contact_point")
    assert (entry.by, entry.changes) == (
        world.anna, {"phone": ["+821033334444", "+821011112222"]}
    )  # fmt: skip
    check_contact_point(old, "wrong", by=None)
    assert client.post(address, headers={"HX-Request": "true"}).status_code == 200
    assert [p.pk for p in preferred.all()] == [new.pk], "a wrong number is never used first"
    client.force_login(world.alan)
    assert client.post(address).status_code == 403


def test_a_person_has_a_gender_to_be_put_right_and_an_organisation_none(client, world) -> None:
    person = add_customer(name="김도현", by=None, gender="f", home_place=world.place("GANGNAM"))
    client.force_login(world.dana)
    address = reverse("customers:edit", args=[person.pk])
    assert '<option value="f" selected>여' in client.get(address).text
    sent = {"kind": "person", "name": "김도현", "language": "ko", "revision": person.revision}
    client.post(address, sent)
    person.refresh_from_db()
    assert person.gender == "f", "what is not sent is not emptied"
    client.post(address, {**sent, "gender": "m"})
    person.refresh_from_db()
    assert person.gender == "m"
    company = add_customer(name="한빛상사", by=None, kind="organisation", home_place=world.place("GANGNAM"))  # fmt: skip
    assert 'name="gender"' not in client.get(reverse("customers:edit", args=[company.pk])).text
