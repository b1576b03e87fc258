"""No page asks the database more than twelve times, whoever looks, however full the lists are."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dangol.campaigns.tests.factories import programme, stage, target
from dangol.cases.actions import add_note
from dangol.cases.tests.factories import a_case
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import BAD, GOOD, completed
from dangol.ui.models import SavedView
from tests.architecture.routes import ROUTES
from tests.architecture.test_routes import SPECIMENS

MOST = 12
ROWS = 6
PAGES = sorted(name for name, (_who, method, _about) in ROUTES.items() if method == "GET")


@pytest.fixture
def full_world(world):
    """Several of everything, so that a query for each row would show."""
    surveys, place, now = make_default_surveys(), world.place("GANGNAM"), timezone.now()
    made = programme(place, starts_on=timezone.localdate() - dt.timedelta(days=30))
    first = stage(made)
    for number in range(ROWS):
        answered = completed(
            surveys["sales"], place, BAD if number % 2 else GOOD, by=world.ada, at=now
        )
        target(first, answered.customer, at=now, place=place)
        add_note(a_case(world, at=now), "확인했습니다 @grace", by=world.anna)
        SavedView.objects.create(user=world.anna, list_key="cases", name=str(number))
    return world


def asked(client, name: str, world) -> list[str]:
    """The queries of one page, session and user included."""
    address = reverse(name, args=SPECIMENS[ROUTES[name][2]](world))
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
        assert answer.status_code < 400 or name == "surveys:answer", (name, answer.status_code)
        assert answer.streaming or answer.content is not None
    return [
        query["sql"] for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))
    ]


@pytest.mark.parametrize("name", PAGES)
def test_no_page_asks_more_than_twelve_times(name, client, full_world):
    client.force_login(full_world.bob if name.startswith("desk:") else full_world.anna)
    queries = asked(client, name, full_world)
    told = "\n".join(f"{n}. {sql[:300]}" for n, sql in enumerate(queries, 1))
    assert len(queries) <= MOST, f"{name}: {len(queries)} queries\n{told}"
