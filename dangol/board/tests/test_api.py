from django.core.cache import caches
from django.utils import timezone

from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import GOOD, completed


def test_the_index_of_a_place_for_those_who_may_see_it(world, client):
    caches["process"].clear()
    sales = make_default_surveys()["sales"]
    completed(sales, world.place("GANGNAM"), GOOD, at=timezone.now())

    def ask(who):
        client.force_login(who)
        return client.get(f"/api/v1/places/{world.place('SEOUL').pk}/index")

    told = ask(world.rex).json()
    assert told["code"] == "SEOUL"
    assert told["processes"]["sales"]["today"] == {"n": 1, "mean": 92.5, "low": 0.0, "high": 100.0}
    assert ask(world.eve).status_code == 404
    caches["process"].clear()
