import pytest
from django.core.exceptions import ValidationError

from dangol.core.models import AuditEntry
from dangol.customers.actions import add_contact_point, add_customer
from dangol.customers.models import Relation
from dangol.customers.relations import add_relation, end_relation, ties_of


@pytest.fixture
def kim(world):
    return add_customer(name="김철수", home_place=world.place("GANGNAM"), by=None)


@pytest.fixture
def firm(world):
    firm = add_customer(
        name="단골상사", kind="organisation", home_place=world.place("GANGNAM"), by=None
    )
    add_contact_point(firm, "phone", "02-555-1234", by=None)
    return firm


def labels(customer, user):
    return [(tie.relation.kind, tie.label, tie.other.name) for tie in ties_of(customer, user)]


def test_a_tie_is_read_from_both_sides(world, kim, firm):
    add_relation(kim, firm, "employee_of", by=world.anna)
    assert labels(kim, world.anna) == [("employee_of", "근무처", "단골상사")]
    assert labels(firm, world.anna) == [("employee_of", "직원", "김철수")]


def test_the_same_tie_twice_is_one_and_a_household_has_no_direction(world, kim, firm):
    first = add_relation(kim, firm, "household", by=world.anna)
    assert add_relation(firm, kim, "household", by=world.anna) == first
    assert Relation.objects.count() == 1
    assert AuditEntry.objects.filter(verb="add_relation").count() == 2


def test_an_ended_tie_is_kept_and_may_begin_again(world, kim, firm):
    relation = add_relation(kim, firm, "owner_of", by=world.anna)
    end_relation(relation, by=world.anna)
    end_relation(relation, by=world.anna)
    assert labels(kim, world.anna) == []
    assert AuditEntry.objects.filter(verb="end_relation", subject_id=kim.pk).count() == 1
    assert add_relation(kim, firm, "owner_of", by=world.anna) != relation
    assert Relation.objects.count() == 2


@pytest.mark.parametrize("kind", ["friend", ""])
def test_a_relation_that_does_not_exist_is_refused(world, kim, firm, kind):
    with pytest.raises(ValidationError):
        add_relation(kim, firm, kind, by=world.anna)
    assert not Relation.objects.exists()


def test_nobody_is_related_to_themselves(world, kim):
    with pytest.raises(ValidationError):
        add_relation(kim, kim, "household", by=world.anna)


def test_a_tie_to_somebody_out_of_scope_is_not_shown(world, kim):
    other = add_customer(name="박영희", home_place=world.place("HAEUNDAE"), by=None)
    add_relation(kim, other, "household", by=world.anna)
    assert labels(kim, world.grace) == []
    assert len(labels(kim, world.anna)) == 1


def test_the_page_adds_backward_ties_from_typed_words_and_ends_them(client, world, kim, firm):
    client.force_login(world.ada)
    sent = {"kind": "-employee_of", "other": "김철수"}
    client.post(f"/customers/{firm.pk}/relations/", sent)
    relation = Relation.objects.get()
    assert (relation.from_customer, relation.to_customer) == (kim, firm)
    page = client.get(f"/customers/{firm.pk}/").text
    assert "직원" in page and "김철수" in page
    client.post(f"/customers/{firm.pk}/relations/{relation.pk}/ending/")
    relation.refresh_from_db()
    assert relation.ended_at is not None


def test_a_wrong_name_is_refused_in_the_page(client, world, kim):
    client.force_login(world.ada)
    page = client.post(f"/customers/{kim.pk}/relations/", {"kind": "household", "other": "zzzzqqq"})
    assert "zzzzqqq" in page.text and not Relation.objects.exists()


def test_the_search_of_customers_stays_in_scope_and_is_masked(client, world, kim):
    add_contact_point(kim, "phone", "010-1234-5678", by=None)
    client.force_login(world.grace)
    offered = client.get("/customers/found/", {"q": "김철수"}).text
    assert "김*수" in offered and "김철수 ·" not in offered and "010-****-5678" in offered
    client.force_login(world.eve)
    assert str(kim.pk) not in client.get("/customers/found/", {"q": "김철수"}).text


def test_the_same_through_the_api(client, world, kim, firm):
    client.force_login(world.ada)
    address = f"/api/v1/customers/{kim.pk}/relations"
    sent = {"kind": "influences", "other_id": str(firm.pk)}
    made = client.post(address, sent, content_type="application/json")
    assert made.status_code == 201
    assert made.json()["forward"] is True
    back = client.get(f"/api/v1/customers/{firm.pk}/relations").json()
    assert [(r["kind"], r["forward"], r["other_name"]) for r in back] == [
        ("influences", False, "김철수")
    ]
    assert client.post(f"/api/v1/relations/{made.json()['id']}/ending").status_code == 204
    assert client.get(address).json() == []


def test_the_api_refuses_a_customer_out_of_scope(client, world, kim):
    other = add_customer(name="박영희", home_place=world.place("HAEUNDAE"), by=None)
    client.force_login(world.grace)
    assert client.get(f"/api/v1/customers/{other.pk}/relations").status_code == 404
    client.force_login(world.ada)
    sent = {"kind": "household", "other_id": "00000000-0000-7000-8000-000000000000"}
    address = f"/api/v1/customers/{kim.pk}/relations"
    assert client.post(address, sent, content_type="application/json").status_code == 404
    assert not Relation.objects.exists()
