from dangol.cases.models import Case
from dangol.cases.tests.factories import a_category
from dangol.core.ids import uuid7
from dangol.customers.actions import add_customer
from dangol.customers.models import Customer


def test_a_form_sent_twice_opens_one_case(client, world):
    customer = add_customer(name="김철수", home_place=world.place("GANGNAM"), by=None)
    sent = {
        "customer": str(customer.pk), "place": str(world.place("GANGNAM").pk), "once": str(uuid7()),
        "category": str(a_category().pk), "priority": "1", "title": "출고가 늦어요",
    }  # fmt: skip
    client.force_login(world.grace)
    first = client.post("/cases/new/", sent)
    second = client.post("/cases/new/", sent)
    assert first.headers["Location"] == second.headers["Location"] == f"/cases/{sent['once']}/"
    assert Case.objects.count() == 1


def test_a_form_sent_twice_adds_one_customer(client, world):
    client.force_login(world.ada)
    sent = {"kind": "person", "name": "새고객", "language": "ko", "once": str(uuid7())}
    first = client.post("/customers/new/", sent)
    second = client.post("/customers/new/", sent)
    assert first.headers["Location"] == second.headers["Location"] == f"/customers/{sent['once']}/"
    assert Customer.objects.filter(name="새고객").count() == 1


def test_whose_case_it_is_is_chosen_on_the_page_itself(client, world):
    customer = add_customer(name="김철수", home_place=world.place("GANGNAM"), by=None)
    client.force_login(world.grace)
    assert "data-combobox" in client.get("/cases/new/").text
    chosen = client.post(
        "/cases/new/", {"whose": "1", "customer": "김*수", "customer-key": str(customer.pk)}
    )
    assert chosen.headers["Location"] == f"/cases/new/?customer={customer.pk}"
    assert "강남지점 · GANGNAM" in client.get(chosen.headers["Location"]).text
    assert Case.objects.count() == 0


def test_a_name_that_leads_to_nobody_stays_on_the_page(client, world):
    client.force_login(world.grace)
    answer = client.post("/cases/new/", {"whose": "1", "customer": "아무도아님"})
    assert answer.status_code == 200 and "아무도아님" in answer.text
