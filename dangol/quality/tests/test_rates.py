import datetime as dt
from dataclasses import replace

import pytest
from django.utils import timezone

from dangol.customers.actions import add_contact_point, check_contact_point
from dangol.customers.models import CheckTally
from dangol.quality.actions import change_policy
from dangol.quality.models import Tried
from dangol.quality.queries import policy_in_use
from dangol.quality.tests.factories import a_point, checked
from dangol.quality.tried.cost import cost_of
from dangol.quality.tried.counting import count_checks, months_to_count
from dangol.quality.tried.rates import Asked, rates_of, whole_months


@pytest.fixture
def counted(world):
    """강남: a phone right, an old address wrong; 해운대: an e-mail moved."""
    checked(a_point(world, days=10), "verified")
    checked(a_point(world, kind="address", days=500, source="event"), "wrong")
    checked(a_point(world, "HAEUNDAE", "email", days=40, source="web"), "moved")
    count_checks()
    return whole_months(12, timezone.localdate())


def pairs(rows):
    return {key: (rate.wrong, rate.checked) for key, rate in rows}


def test_the_rate_is_told_by_source_kind_age_month_and_site(world, counted):
    found = rates_of(world.anna, counted)
    assert (found.overall.wrong, found.overall.checked) == (2, 3)
    assert pairs(found.by["source"]) == {"dealer": (0, 1), "event": (1, 1), "web": (1, 1)}
    assert pairs(found.by["kind"]) == {"phone": (0, 1), "address": (1, 1), "email": (1, 1)}
    assert pairs(found.by["age"]) == {0: (0, 1), 1: (1, 1), 4: (1, 1)}
    assert [rate.checked for _month, rate in found.by["month"]] == [3]
    sites = {str(found.places[key]): rate.wrong for key, rate in found.by["place_id"]}
    assert sites == {"강남지점": 1, "해운대서비스센터": 1}


def test_another_branch_is_not_counted(world, counted):
    assert rates_of(world.grace, counted).overall.checked == 2
    assert rates_of(world.eve, counted).overall.checked == 1
    assert rates_of(world.ada, counted).overall.checked == 0  # an agent sees no rates


def test_a_month_is_counted_again_only_when_its_checks_changed(world, counted):
    assert months_to_count() == [] and count_checks() == 0
    point = a_point(world)
    check_contact_point(point, "verified", by=None, at=timezone.now() - dt.timedelta(days=70))
    check_contact_point(point, "wrong", by=None)
    assert count_checks() == 2
    assert sum(Tried.objects.values_list("tried", flat=True)) == 5
    tallies = CheckTally.objects.filter(span="month")
    assert sum(t.checked for t in tallies) == 5


def test_without_any_check_there_is_no_rate_and_no_cost(world, client):
    count_checks()
    asked = whole_months(12, timezone.localdate())
    found = rates_of(world.anna, asked)
    assert found.overall.share is None and not any(found.by.values())
    assert cost_of(policy_in_use(), found).for_one_corrected is None
    client.force_login(world.anna)
    for page in ("", "rates/", "decay/", "measures/", "points/", "checks/", "records/"):
        assert client.get(f"/quality/{page}").status_code == 200


def test_the_cost_of_a_corrected_record_counts_only_those_put_right(world):
    change_policy(by=world.anna, verify_seconds=60, minute_cost=600)
    for _n in range(3):
        checked(a_point(world), "verified")
    told = a_point(world, kind="address")
    check_contact_point(told, "moved", by=world.ada, new_value="서울 마포구 월드컵로 1 101호")
    checked(a_point(world), "wrong")
    count_checks()
    asked = whole_months(12, timezone.localdate())
    found = rates_of(world.anna, asked)
    cost = cost_of(policy_in_use(), found)
    # three right, one moved and heard anew, one wrong: six checks of one minute each
    assert (cost.rate.checked, cost.rate.wrong, cost.corrected) == (6, 2, 1)
    assert cost.whole == 3600 and cost.for_one_corrected == 3600
    assert not cost.seconds.measured


@pytest.mark.parametrize("narrowed", [{}, {"kind": "address"}])
@pytest.mark.parametrize("who", ["anna", "grace"])
def test_wrong_and_corrected_are_of_one_moment(world, who, narrowed):
    moved = [a_point(world, kind="address", days=900) for _n in range(2)]
    checked(moved[0], "moved")
    count_checks()
    asked = replace(whole_months(12, timezone.localdate()), **narrowed)

    def told():
        cost = cost_of(policy_in_use(), rates_of(getattr(world, who), asked))
        return cost.rate.wrong, cost.corrected

    check_contact_point(moved[1], "moved", by=None, new_value="서울 마포구 월드컵로 1 101호")
    assert told() == (1, 0)  # as of the last count, both of them
    count_checks()
    assert told() == (2, 1)


def test_a_month_is_counted_again_when_what_it_found_wrong_was_corrected_later(world):
    long_ago = timezone.now() - dt.timedelta(days=100)
    point = a_point(world, kind="address", days=900)
    check_contact_point(point, "moved", by=None, at=long_ago)
    count_checks()
    new = add_contact_point(point.customer, "address", "서울 마포구 월드컵로 1 101호", by=None)
    checked(new, "verified")
    month = timezone.localdate(long_ago).replace(day=1)
    assert month in months_to_count() and count_checks() == 2
    found = rates_of(world.anna, Asked(month, month))
    assert (found.overall.wrong, found.corrected) == (1, 1)
    assert months_to_count() == []
    checked(new, "wrong")
    count_checks()
    assert rates_of(world.anna, Asked(month, month)).corrected == 0


def test_a_check_at_night_counts_in_the_month_of_its_own_day(world):
    at = dt.datetime(
        2026, 3, 31, 16, tzinfo=dt.UTC
    )  # an hour past midnight of April where the site lies
    told = a_point(world, kind="address", days=900)
    check_contact_point(
        told, "moved", by=world.ada, at=at, new_value="서울 마포구 월드컵로 1 101호"
    )
    count_checks()
    march, april = dt.date(2026, 3, 1), dt.date(2026, 4, 1)
    for month, found in ((march, 0), (april, 1)):
        asked = Asked(month, month)
        cost = cost_of(policy_in_use(), rates_of(world.anna, asked))
        assert (cost.rate.wrong, cost.corrected) == (found, found), month


def test_a_rate_is_narrowed_to_a_site_and_a_source_by_address(world, counted, client):
    client.force_login(world.rex)
    page = client.get("/quality/rates/?source=event&site=GANGNAM").content.decode()
    assert "100.0%" in page and "해운대" not in page
    other = client.get("/quality/rates/?site=HAEUNDAE").content.decode()
    assert "해운대" not in other


def test_what_the_company_sets_is_kept_with_who_and_when(world, client):
    client.force_login(world.dana)
    form = {
        "verify_seconds": "40", "minute_cost": "500", "currency": "krw", "fresh_days": "200",
        "ask_from": "0.2", "ask_most": "1", "task_from": "0.4", "tasks_a_day": "3",
        "task_minutes": "960",
    }  # fmt: skip
    assert client.post("/quality/settings/", form).status_code == 302
    policy = policy_in_use()
    assert (policy.tasks_a_day, policy.currency, policy.changed_by) == (3, "KRW", world.dana)
    assert client.post("/quality/settings/", form | {"ask_from": "1.5"}).status_code == 422
    assert policy_in_use().pk == policy.pk
    client.force_login(world.grace)
    assert client.post("/quality/settings/", form | {"tasks_a_day": "9"}).status_code == 403
    assert policy_in_use().pk == policy.pk


def test_all_sites_are_shown_a_page_at_a_time(world, counted, client, monkeypatch):
    monkeypatch.setattr("dangol.quality.rate_page.SITES_A_PAGE", 1)
    client.force_login(world.anna)
    pages = [client.get(f"/quality/rates/?sites={n}").context for n in (0, 1, 2)]
    shown = [[row["label"] for row in page["tables"][-1][1]] for page in pages]
    assert [len(rows) for rows in shown] == [1, 1, 0] and shown[0] != shown[1]
    assert [page["more_sites"] for page in pages] == [True, False, False]
    assert [bool(page["earlier_sites"]) for page in pages] == [False, True, True]
