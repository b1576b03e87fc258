"""The supervisor's pages of programmes."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from dangol.campaigns.actions import record_outcome
from dangol.campaigns.due_calls import make_due_calls
from dangol.campaigns.models import Campaign, Stage, Target
from dangol.campaigns.tests.factories import bought, customer, programme, stage, target
from dangol.core.audit import AuditEntry
from dangol.interactions.actions import open_interaction


@pytest.fixture
def week(world):
    return stage(programme(world.place("SEOUL"), name="강남 해피콜", name_en="Gangnam calls"))


@pytest.fixture
def sue(world, client):
    client.force_login(world.sue)
    return client


def at(name, *args):
    return reverse(f"campaigns:{name}", args=args)


def test_the_list_shows_progress(sue, week):
    target(week, customer())
    shown = sue.get(at("list")).content.decode()
    assert "강남 해피콜" in shown


def test_the_page_tells_how_it_stands(world, sue, week, django_assert_max_num_queries):
    for outcome in ("done", "busy", "no_answer"):
        due = target(week, customer(), at=timezone.now())
        talk = open_interaction(due.customer, by=world.ada, agent=world.ada)
        record_outcome(due, outcome, interaction=talk, by=world.ada)
    sue.get(at("programme", week.campaign_id))
    with django_assert_max_num_queries(12):
        shown = sue.get(at("programme", week.campaign_id)).content.decode()
    assert world.ada.name in shown
    spec = sue.get(at("outcomes", week.campaign_id)).json()
    assert {one["name"]: sum(one["data"]) for one in spec["series"]} == {
        "완료": 1, "상대 통화 중": 1, "부재": 1,
    }  # fmt: skip


def test_pausing_and_resuming_are_resources(world, sue, week):
    sue.post(at("pause", week.campaign_id))
    sue.post(at("pause", week.campaign_id))
    campaign = Campaign.objects.get()
    assert campaign.paused_by == world.sue
    assert AuditEntry.objects.filter(verb="pause").count() == 1
    sue.post(at("resumption", week.campaign_id))
    assert Campaign.objects.get().paused_at is None


def test_a_programme_and_its_stage_are_made_in_the_browser(world, sue):
    rules = {
        "name": "정비 해피콜", "purpose": "happy_call", "place": world.place("HQ").pk, "priority": 3,
        "starts_on": "2026-03-01", "quarantine_days": 7, "valid_days": 30, "country": "KR",
        "hours_0": "9:00-12:00, 13:00-18:00", "hours_5": "10:00-15:00",
    }  # fmt: skip
    sue.post(at("new"), rules)
    campaign = Campaign.objects.get()
    assert campaign.hours == {
        "0": [["09:00", "12:00"], ["13:00", "18:00"]], "5": [["10:00", "15:00"]],
    }  # fmt: skip
    call = {
        "name": "3일", "order": 1, "days_after": 3, "kind": "service", "max_attempts": 4,
        "script": "{customer}님", "busy": 20, "no_answer": 120, "failed": 15,
    }  # fmt: skip
    sue.post(at("stage_add", campaign.pk), call)
    made = Stage.objects.get()
    assert (made.days_after, made.waits["busy"], made.script) == (3, 20, "{customer}님")
    sue.post(at("stage", campaign.pk, made.pk), {**call, "days_after": 5})
    assert Stage.objects.get().days_after == 5
    sue.post(at("stage_end", campaign.pk, made.pk))
    assert Stage.objects.get().ended_at is not None


def test_wrong_rules_are_told_and_nothing_is_stored(world, sue):
    response = sue.post(at("new"), {"name": "x", "priority": 0, "hours_0": "18:00-09:00"})
    assert response.status_code == 200
    assert not Campaign.objects.exists()


def test_two_supervisors_do_not_overwrite_each_other(world, sue, week):
    campaign = week.campaign
    form = {
        "name": "새 이름", "purpose": "happy_call", "place": world.place("SEOUL").pk, "priority": 3,
        "starts_on": "2026-03-01", "quarantine_days": 7, "valid_days": 30, "country": "KR",
        "revision": 1,
    }  # fmt: skip
    sue.post(at("change", campaign.pk), form)
    response = sue.post(at("change", campaign.pk), {**form, "name": "다른 이름"})
    assert response.status_code == 200
    assert Campaign.objects.get().name == "새 이름"


def test_the_script_is_previewed(sue, week):
    shown = sue.post(
        at("stage_preview", week.campaign_id),
        {"script": "{customer}님, {days}일 전 {site}에서", "days_after": 7},
    ).content.decode()
    assert "홍길동님, 7일 전 서울지역에서" in shown


def test_decisions_are_read_in_both_languages(world, sue, week):
    bought(customer(phone=None), world.place("MAPO"), timezone.now() - dt.timedelta(days=7))
    make_due_calls()
    assert "전화번호 없음" in sue.get(at("decisions", week.campaign_id)).content.decode()
    world.sue.language = "en"
    world.sue.save()
    assert "No phone number" in sue.get(at("decisions", week.campaign_id)).content.decode()


def test_due_calls_are_handed_over_moved_and_dropped(world, sue, week):
    first, second = target(week, customer()), target(week, customer())
    back = at("targets", week.campaign_id)
    sue.post(at("hand_over"), {"pick": [first.pk], "to": "1", "agent": world.bob.pk, "next": back})
    first.refresh_from_db()
    assert first.assigned_to == world.bob
    sue.post(at("level"), {"everything": "1", "query": "", "next": back, "level": "1"})
    assert set(Target.objects.values_list("level", flat=True)) == {1}
    sue.post(at("drop"), {"pick": [second.pk], "next": back})
    second.refresh_from_db()
    assert second.result == "dropped"


def test_the_list_of_due_calls(sue, week):
    target(week, customer("박고객"))
    assert "박고객" in sue.get(at("targets", week.campaign_id), follow=True).content.decode()


def test_the_customers_panel_explains_what_was_not_decided(world, client, week):
    who = customer()
    bought(who, world.place("GANGNAM"), timezone.now() - dt.timedelta(days=2))
    client.force_login(world.ada)
    shown = client.get(at("customer_panel", who.pk)).content.decode()
    assert "아직 때가 아님" in shown


def test_outsiders_are_refused(world, client, week):
    for name in ("ada", "grace"):
        client.force_login(world.people[name])
        assert client.get(at("programme", week.campaign_id)).status_code == 403
        assert client.post(at("pause", week.campaign_id)).status_code == 403
    client.force_login(world.mark)
    assert client.get(at("programme", week.campaign_id)).status_code == 200
    assert client.post(at("pause", week.campaign_id)).status_code == 403
    assert Campaign.objects.get().paused_at is None


def test_a_programme_of_another_region_is_not_found(world, client, week):
    from dangol.places.actions import grant_role

    grant_role(world.nobody, "supervisor", world.place("BUSAN"), by=None)
    client.force_login(world.nobody)
    assert client.get(at("programme", week.campaign_id)).status_code == 404
    assert client.post(at("pause", week.campaign_id)).status_code == 404
    due = target(week, customer())
    client.post(at("drop"), {"pick": [due.pk]})
    due.refresh_from_db()
    assert due.result == ""


def test_a_country_without_known_holidays_is_refused(world, sue):
    """One such programme would keep every agent from the next call."""
    fields = {
        "name": "새 프로그램", "purpose": "happy_call", "place": world.place("SEOUL").pk,
        "priority": 5, "starts_on": "2026-11-22", "quarantine_days": 7, "valid_days": 30,
        "hours_0": "00:00-24:00",
    }  # fmt: skip
    shown = sue.post(at("new"), fields | {"country": "ZZ"}).content.decode()
    assert "“ZZ”의 공휴일을 알 수 없어요." in shown
    assert not Campaign.objects.exists()
    sue.post(at("new"), fields | {"country": "US-CA"})
    assert Campaign.objects.get().country == "US-CA"
