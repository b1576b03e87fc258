"""Two people make the same at the same instant: one succeeds, the other is told."""

import threading

import pytest
from django.db import connection
from django.test import Client

from dangol.places.models import Place
from tests.world import build


@pytest.mark.django_db(transaction=True)
def test_the_same_place_made_four_times_at_once_is_one_place_and_no_error():
    world = build()
    form = {
        "code": "NEW1", "name": "새 지점", "kind": "site", "site_kind": "sales_office",
        "parent": str(world.place("SEOUL").pk), "time_zone": "Asia/Seoul",
    }  # fmt: skip
    statuses, start = [], threading.Barrier(4)

    def make() -> None:
        client = Client(raise_request_exception=False)
        client.force_login(world.anna)
        start.wait()
        statuses.append(client.post("/places/new/", form).status_code)
        connection.close()

    threads = [threading.Thread(target=make) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Place.objects.filter(code="NEW1").count() == 1
    assert statuses.count(302) == 1 and set(statuses) <= {302, 200, 409}, statuses
