"""A phone number that a customer said aloud is shown to nobody who sees customers masked."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from dangol.cases.actions import add_note, resolve_case
from dangol.cases.tests.factories import a_case
from dangol.customers.actions import add_contact_point
from dangol.interactions.models import Interaction
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import BAD, completed
from tests.architecture.routes import ROUTES

SAID = "제 번호는 010-7654-3210 이에요"
LISTS = sorted(
    name for name, (_who, method, about) in ROUTES.items() if method == "GET" and not about
)


@pytest.fixture
def talkative(world):
    """A customer who names the own number wherever words are kept."""
    place, surveys = world.place("GANGNAM"), make_default_surveys()
    answers = {**BAD, "voice": SAID}
    response = completed(surveys["sales"], place, answers, by=world.ada, at=timezone.now())
    add_contact_point(response.customer, "phone", "010-7654-3210", by=None)
    case = a_case(world, at=timezone.now() - dt.timedelta(hours=1))
    case.title = case.description = SAID
    case.save()
    add_note(case, SAID, by=world.anna)
    resolve_case(case, SAID, by=world.anna)
    Interaction.objects.update(note=SAID)
    return {"case": case, "response": response, "customer": response.customer}


def test_on_no_list_and_no_page(talkative, client, world):
    client.force_login(world.grace)
    addresses = [reverse(name) for name in LISTS]
    addresses += [
        reverse("cases:case", args=[talkative["case"].pk]),
        reverse("surveys:response", args=[talkative["response"].pk]),
        reverse("customers:customer", args=[talkative["customer"].pk]),
        reverse("customers:customer", args=[talkative["case"].customer_id]),
        reverse("customers:timeline", args=[talkative["case"].customer_id]),
        *(
            reverse("interactions:interaction", args=[talk.pk])
            for talk in Interaction.objects.all()
        ),
    ]
    seen = 0
    for address in addresses:
        answer = client.get(address, follow=True)
        if answer.status_code != 200 or answer.streaming:
            continue
        seen += 1
        assert "7654-3210" not in answer.content.decode(), address
    assert seen > 10


def test_nor_by_the_api(talkative, client, world):
    client.force_login(world.grace)
    for address in (
        "/api/v1/cases", f"/api/v1/cases/{talkative['case'].pk}", "/api/v1/responses",
        f"/api/v1/responses/{talkative['response'].pk}", "/api/v1/interactions",
        f"/api/v1/customers/{talkative['customer'].pk}",
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "3210" in answer.content.decode(), address
        assert "7654-3210" not in answer.content.decode(), address


def test_who_works_with_customers_reads_it_whole(talkative, client, world):
    client.force_login(world.anna)
    page = client.get(reverse("cases:case", args=[talkative["case"].pk])).content.decode()
    assert page.count("010-7654-3210") >= 3
    assert "010-7654-3210" in client.get("/api/v1/cases").content.decode()
