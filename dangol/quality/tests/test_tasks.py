import datetime as dt
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from dangol.core.models import AccessEntry, AuditEntry
from dangol.customers.actions import check_contact_point
from dangol.customers.models import Check, ContactPoint
from dangol.places.models import Place
from dangol.quality.actions import change_policy
from dangol.quality.models import CorrectionTask
from dangol.quality.queries import policy_in_use, tasks_visible_to
from dangol.quality.standing import task_figures
from dangol.quality.tasks.actions import ask_for_task, close_task, give_task_back, take_task
from dangol.quality.tasks.making import make_tasks
from dangol.quality.tests.factories import a_point, a_task, checked, looked

HOME = "서울 강남구 테헤란로 152"
MONDAY = dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)  # ten in the morning in Seoul


@pytest.fixture
def old_addresses(world):
    """Seven addresses of 강남 and one of 해운대 that are probably wrong; one that was just verified."""
    points = [a_point(world, "GANGNAM", "address", days=1500 + n) for n in range(7)]
    checked(a_point(world, "GANGNAM", "address", days=1500), "verified")
    a_point(world, "HAEUNDAE", "address", days=1500)
    looked()
    return points


def test_each_site_gets_as_many_as_are_set_the_most_probable_first(world, old_addresses):
    change_policy(by=world.anna, tasks_a_day=3, task_minutes=480)
    assert make_tasks(policy_in_use(), MONDAY) == 4
    mine = CorrectionTask.objects.filter(place=world.place("GANGNAM"))
    assert {t.contact_point_id for t in mine} == {p.pk for p in old_addresses[4:]}
    # eight working hours from ten o'clock, with lunch from twelve to one: the next morning at ten
    assert {t.due_at for t in mine} == {MONDAY + dt.timedelta(days=1)}


def test_twice_on_one_day_makes_no_more_and_the_next_day_goes_on(world, old_addresses):
    change_policy(by=world.anna, tasks_a_day=3)
    assert make_tasks(policy_in_use(), MONDAY) == 4
    assert make_tasks(policy_in_use(), MONDAY + dt.timedelta(minutes=5)) == 0
    assert make_tasks(policy_in_use(), MONDAY + dt.timedelta(days=1)) == 3
    assert make_tasks(policy_in_use(), MONDAY + dt.timedelta(days=2)) == 1
    assert make_tasks(policy_in_use(), MONDAY + dt.timedelta(days=3)) == 0


def test_none_is_made_with_nought_a_day_at_closed_sites_or_under_the_threshold(
    world, old_addresses
):
    change_policy(by=world.anna, tasks_a_day=0)
    assert make_tasks(policy_in_use(), MONDAY) == 0
    change_policy(by=world.anna, tasks_a_day=5, task_from=1.0)
    assert make_tasks(policy_in_use(), MONDAY) == 0
    change_policy(by=world.anna, task_from=0.3)
    Place.objects.filter(code="GANGNAM").update(closed_at=MONDAY)
    assert make_tasks(policy_in_use(), MONDAY) == 1


def test_closing_records_the_check_and_the_new_value(world, client):
    task = a_task(world)
    client.force_login(world.grace)
    answer = client.post(
        f"/quality/tasks/{task.pk}/closure/",
        {"outcome": "moved", "new_value": "(04001) 서울 마포구 월드컵로 7 202호", "note": "통화함"},
    )
    assert answer.status_code == 302
    task.refresh_from_db()
    assert (task.outcome, task.closed_by, task.note) == ("corrected", world.grace, "통화함")
    old = task.contact_point
    old.refresh_from_db()
    check = Check.objects.get(contact_point=old)
    assert (check.outcome, check.by, check.place) == ("moved", world.grace, task.place)
    assert old.ended_at is not None
    fresh = ContactPoint.objects.get(customer=old.customer, kind="address", ended_at=None)
    assert (fresh.state, fresh.value) == ("verified", "(04001) 서울 마포구 월드컵로 7 202호")
    figures = task_figures(world.anna, timezone.now())
    assert (figures.closed, figures.corrected, figures.found.wrong) == (1, 1, 1)
    assert AuditEntry.objects.filter(verb="close_correction", subject_id=task.pk).count() == 1


def test_closing_twice_changes_nothing(world):
    task = a_task(world)
    close_task(task, "verified", by=world.grace)
    close_task(task, "wrong", by=world.rex)
    task.refresh_from_db()
    assert (task.outcome, task.closed_by) == ("verified", world.grace)
    assert Check.objects.filter(contact_point=task.contact_point).count() == 1


def test_a_new_value_that_is_none_is_refused_and_nothing_is_written(world, client):
    point = a_point(world, "GANGNAM", "phone", days=2000)
    looked()
    task = ask_for_task(point, chance=0.5, minutes=480, by=world.anna)
    client.force_login(world.grace)
    address = f"/quality/tasks/{task.pk}/closure/"
    assert client.post(address, {"outcome": "wrong", "new_value": "번호 없음"}).status_code == 422
    assert (
        client.post(address, {"outcome": "verified", "new_value": "010-1111-2223"}).status_code
        == 422
    )
    assert client.post(address, {}).status_code == 422
    task.refresh_from_db()
    assert task.closed_at is None and not Check.objects.exists()


def test_somebody_not_reached_is_no_check_and_rests_for_a_while(world):
    task = a_task(world)
    close_task(task, "unreached", by=world.grace)
    assert not Check.objects.exists()
    assert make_tasks(policy_in_use(), timezone.now() + dt.timedelta(days=2)) == 0
    assert make_tasks(policy_in_use(), timezone.now() + dt.timedelta(days=95)) == 1


def test_a_call_that_checks_the_contact_point_does_the_task(world):
    task = a_task(world)
    check_contact_point(task.contact_point, "verified", by=world.ada)
    task.refresh_from_db()
    assert (task.outcome, task.closed_by) == ("verified", world.ada)


def test_another_branch_finds_no_task_and_the_wrong_role_is_refused(world, client):
    task = a_task(world)
    address = f"/quality/tasks/{task.pk}/"
    client.force_login(world.eve)
    assert client.get(address).status_code == 404
    assert client.post(f"{address}closure/", {"outcome": "wrong"}).status_code == 404
    assert str(task.pk) not in client.get("/quality/tasks/?state=open").content.decode()
    client.force_login(world.alan)
    assert client.get(address).status_code == 403
    assert client.post(f"{address}closure/", {"outcome": "wrong"}).status_code == 403
    task.refresh_from_db()
    assert task.closed_at is None and not Check.objects.exists()


def test_a_customer_who_moved_to_another_site_is_not_shown_to_the_old_one(world):
    task = a_task(world)
    customer = task.contact_point.customer
    customer.home_place = world.place("HAEUNDAE")
    customer.save()
    assert not tasks_visible_to(world.grace).exists()
    assert tasks_visible_to(world.anna).exists()


def test_names_and_values_are_masked_for_the_site(world, client):
    task = a_task(world)
    client.force_login(world.grace)
    page = client.get(f"/quality/tasks/{task.pk}/").content.decode()
    assert task.contact_point.customer.name not in page and task.contact_point.value not in page
    client.force_login(world.dana)
    assert task.contact_point.value in client.get(f"/quality/tasks/{task.pk}/").content.decode()


def test_the_panel_of_a_customer_cuts_the_value_and_never_the_figure(world, client):
    task = a_task(world)
    client.force_login(world.anna)
    page = client.get(f"/quality/customers/{task.contact_point.customer_id}/").content.decode()
    cut = re.findall(r'<span class="cut">([^<]*)</span>', page)
    assert len(cut) == 1 and "%" not in cut[0] and page.count("%") == 1


def test_who_took_a_task_sees_what_is_to_be_asked(world, client):
    task = a_task(world)
    take_task(task, by=world.grace)
    client.force_login(world.grace)
    page = client.get(f"/quality/tasks/{task.pk}/").content.decode()
    assert task.contact_point.value in page and task.contact_point.customer.name in page
    seen = AccessEntry.objects.get(what="correction task, whole")
    assert (seen.by, seen.reason) == (world.grace, f"correction task {task.pk}")
    close_task(task, "verified", by=world.grace)
    assert task.contact_point.value not in client.get(f"/quality/tasks/{task.pk}/").content.decode()


def test_who_took_a_task_keeps_it_until_it_is_given_back(world):
    task = a_task(world)
    take_task(task, by=world.grace)
    take_task(task, by=world.rex)
    task.refresh_from_db()
    assert task.assigned_to == world.grace
    give_task_back(task, by=world.grace)
    take_task(task, by=world.rex)
    task.refresh_from_db()
    assert task.assigned_to == world.rex


def test_a_contact_point_out_of_use_makes_no_task(world):
    point = checked(a_point(world), "wrong")
    with pytest.raises(ValidationError):
        ask_for_task(point, chance=0.5, minutes=480, by=world.anna)
    assert not CorrectionTask.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_nights_at_once_give_each_contact_point_one_task(world, old_addresses):
    change_policy(by=world.anna, tasks_a_day=10)
    start = threading.Barrier(2)

    def night(_n):
        try:
            start.wait()
            return make_tasks(policy_in_use(), MONDAY)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(night, range(2))) == [0, 8]
    assert CorrectionTask.objects.count() == 8


@pytest.mark.django_db(transaction=True)
def test_two_people_close_one_task_at_once_and_one_check_is_kept(world):
    task = a_task(world)
    start = threading.Barrier(2)

    def close(outcome):
        try:
            start.wait()
            close_task(task, outcome, by=world.grace)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(close, ["verified", "wrong"]))
    assert Check.objects.filter(contact_point=task.contact_point).count() == 1


def test_a_value_for_what_went_out_of_use_meanwhile_is_kept(world):
    task = a_task(world)
    point = task.contact_point
    ContactPoint.objects.filter(pk=point.pk).update(ended_at=MONDAY)
    closed = close_task(task, "wrong", by=world.anna, new_value=HOME, at=MONDAY)
    new = ContactPoint.objects.get(customer=point.customer, ended_at=None)
    assert (closed.outcome, new.value, new.state) == ("corrected", HOME, "verified")
    assert not Check.objects.filter(contact_point=point).exists()


def test_what_a_merge_left_in_its_place_is_checked_instead(world):
    task = a_task(world)
    point = task.contact_point
    ContactPoint.objects.filter(pk=point.pk).update(ended_at=MONDAY)
    same = ContactPoint.objects.create(customer=point.customer, kind=point.kind, value=point.value)
    assert close_task(task, "wrong", by=world.anna, at=MONDAY).outcome == "wrong"
    same.refresh_from_db()
    assert same.state == "wrong"


def test_what_is_out_of_use_and_has_no_new_value_is_told_so(world):
    task = a_task(world)
    point = task.contact_point
    ContactPoint.objects.filter(pk=point.pk).update(ended_at=MONDAY)
    assert close_task(task, "verified", by=world.anna, at=MONDAY).outcome == "gone"
