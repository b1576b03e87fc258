"""What stands out opens one issue with an owner and a clock; chance does not."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from scipy import stats

from dangol.core.notices import unread_notices
from dangol.cubes.actions import close_issue, set_watch, take_issue
from dangol.cubes.chance.weeks import Evidence, holm, means, poisson, proportions
from dangol.cubes.models import Issue
from dangol.cubes.watches.watching import look
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import BAD, GOOD, completed
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from tests.lake.factories import a_customer, a_sale


def sales_at(place, days, each):
    now = timezone.now()
    for day in days:
        for _n in range(each):
            a_sale(a_customer(), 100, place=place, at=now - dt.timedelta(days=day))


@pytest.fixture
def fallen(world, lake_folder):
    """강남 sold three a day and none last week; 마포 sells as ever."""
    sales_at(world.place("GANGNAM"), range(9, 63), 2)
    sales_at(world.place("MAPO"), range(1, 63), 1)
    copy_changes()


def watch_sales(world, **more):
    given = {
        "name": "판매 급변", "address": "subject=sales&rows=site&measures=transactions", "hours": 24,
        "measure": "transactions", "test": "sudden", "owner": world.alan, "by": world.alan,
    }  # fmt: skip
    return set_watch(**given | more)


def test_a_sudden_fall_opens_one_issue_with_its_evidence(world, fallen):
    watch, at = watch_sales(world), timezone.now()
    (issue,) = look(watch, lake(), at)
    assert (issue.label, issue.place, issue.owner, issue.value) == ("강남지점", world.place("GANGNAM"), world.alan, 0)  # fmt: skip
    assert issue.due_at == at + dt.timedelta(hours=24)
    assert issue.evidence["test"] == "poisson" and issue.evidence["p"] < 0.001
    assert issue.expected == pytest.approx(54 * 2 / 8, rel=0.06)
    assert unread_notices(world.alan).get().text == "판매 급변: 강남지점"


def test_what_is_open_is_not_opened_again_and_what_was_closed_may_be(world, fallen):
    watch = watch_sales(world)
    (issue,) = look(watch, lake())
    assert look(watch, lake()) == []
    with pytest.raises(ValidationError):
        close_issue(issue, "  ", by=world.alan)
    take_issue(issue, by=world.anna)
    close_issue(issue, "전시장 공사", by=world.anna)
    issue.refresh_from_db()
    assert (issue.owner, issue.closed_by, issue.words) == (world.anna, world.anna, "전시장 공사")
    assert len(look(watch, lake())) == 1


def test_an_owner_sees_only_own_places(world, fallen):
    assert look(watch_sales(world, owner=world.eve), lake()) == []


def test_a_threshold_needs_enough_facts(world, lake_folder):
    survey = make_default_surveys()["sales"]
    for _n in range(3):
        completed(survey, world.place("GANGNAM"), BAD, at=timezone.now())
        completed(survey, world.place("MAPO"), GOOD, at=timezone.now())
    copy_changes()
    asked = {"address": "subject=satisfaction&rows=site&measures=index&period=30d", "measure": "index", "test": "below", "threshold": 60.0}  # fmt: skip
    assert look(watch_sales(world, **asked, least=4), lake()) == []
    (issue,) = look(watch_sales(world, **asked, least=3), lake())
    assert (issue.label, issue.value, issue.expected) == ("강남지점", 17.5, 60.0)


def test_a_figure_without_a_test_cannot_be_watched_for_change(world, lake_folder):
    with pytest.raises(ValidationError):
        watch_sales(world, measure="amount")
    with pytest.raises(ValidationError):
        watch_sales(world, test="below")
    assert not Issue.objects.exists()


def test_the_tests_are_those_of_their_names():
    assert poisson(2, 80, 1 / 9).p == stats.binomtest(2, 82, 1 / 9).pvalue
    assert poisson(2, 80, 1 / 9).expected == pytest.approx(10)
    assert proportions(5, 20, 10, 200).p == stats.fisher_exact([[5, 15], [10, 190]]).pvalue
    one = means((10, 50.0, 100.0), (80, 70.0, 64.0))
    assert one.statistic == pytest.approx((50 - 70) / (100 / 10 + 64 / 80) ** 0.5)
    assert means((5, 50.0, 0.0), (5, 50.0, 0.0)).p == 1


def test_many_rows_are_corrected_for():
    def with_p(p):
        return Evidence("poisson", 0, p, 0)

    assert holm({n: with_p(0.004) for n in range(3)}) == []
    assert holm({"a": with_p(0.003), "b": with_p(0.9), "c": with_p(0.9)}) == ["a"]


def test_pages_show_issues_to_those_of_the_place(world, fallen, client):
    (issue,) = look(watch_sales(world), lake())
    for person, status in (("alan", 200), ("grace", 200), ("rex", 200), ("eve", 404), ("ada", 403)):
        client.force_login(getattr(world, person))
        assert client.get(f"/cubes/issues/{issue.pk}/").status_code == status, person
    client.force_login(world.eve)
    assert "강남지점" not in client.get("/cubes/issues/").content.decode()
    assert client.post(f"/cubes/issues/{issue.pk}/taking/").status_code == 404
    issue.refresh_from_db()
    assert issue.taken_at is None


def test_an_issue_of_a_place_is_named_in_the_readers_language(world, fallen):
    from django.utils.translation import override

    (issue,) = look(watch_sales(world), lake())
    issue.place.name_en = "Gangnam office"
    with override("en"):
        assert issue.where == "Gangnam office"
    with override("ko"):
        assert issue.where == "강남지점"
