import datetime as dt

import pytest
from django.utils import timezone

from dangol.customers.actions import change_customer, check_contact_point
from dangol.customers.models import ContactPoint, Customer, SourceRecord
from dangol.identity.models import Reading
from dangol.quality.measure_page import course
from dangol.quality.measures.keeping import measure_records
from dangol.quality.measures.reading import by_site, by_source, last_day
from dangol.quality.models import Measure
from dangol.quality.queries import policy_in_use
from dangol.quality.tests.factories import a_point

NEW = dt.timedelta(days=10)
OLD = dt.timedelta(days=800)


def record(customer, source, key, since=NEW, **values):
    """What a source says of a customer."""
    at = timezone.now() - since
    return SourceRecord.objects.create(
        source=source, key=key, customer=customer, values=values, first_seen_at=at, changed_at=at,
    )  # fmt: skip


@pytest.fixture
def said(world):
    """Two customers of 강남 that erp and web know, one of 해운대 that web alone knows."""
    SourceRecord.objects.all().delete()
    one, two, three = (a_point(world, code).customer for code in ("GANGNAM", "GANGNAM", "HAEUNDAE"))
    SourceRecord.objects.all().delete()
    phone = {c.pk: ContactPoint.objects.get(customer=c).value for c in (one, two, three)}
    record(one, "erp", "1", name=one.name, phone=phone[one.pk], email="a@example.org", gender="m")
    record(one, "web", "w1", since=OLD, name="다른 이름", phone="+821099998888")
    record(two, "erp", "2", name=two.name, phone=phone[one.pk], born_on="1890-01-01")
    record(two, "web", "w2", name=two.name, phone="12345678", email="없음")
    record(three, "web", "w3", name=three.name, phone=phone[three.pk])
    measure_records(policy_in_use(), timezone.localdate())
    return {"one": one, "two": two, "three": three}


def shares(user, source, field):
    counts = by_source(user, last_day())[source][field]
    return {m: counts.share(m) for m in ("complete", "valid", "unique", "fresh", "consistent")}


def test_the_five_measures_of_a_field_of_a_source(world, said):
    erp, web = (shares(world.anna, source, "phone") for source in ("erp", "web"))
    assert erp == {"complete": 1, "valid": 1, "unique": 0, "fresh": 1, "consistent": 0.5}
    # 12345678 is no number; w1 says it for 800 days; w3's customer is known to web alone
    assert web == {
        "complete": 1, "valid": pytest.approx(2 / 3), "unique": 1, "fresh": pytest.approx(2 / 3),
        "consistent": 0,
    }  # fmt: skip
    assert shares(world.anna, "web", "email")["valid"] == 0
    assert shares(world.anna, "erp", "born_on")["valid"] == 0
    assert shares(world.anna, "web", "name")["consistent"] == 0.5
    assert shares(world.anna, "erp", "gender")["complete"] == 0.5


def test_verifying_a_value_makes_it_fresh(world, said):
    point = ContactPoint.objects.get(customer=said["three"])
    SourceRecord.objects.filter(key="w3").update(first_seen_at=timezone.now() - OLD)
    measure_records(policy_in_use(), timezone.localdate())
    assert by_source(world.anna, last_day())["web"]["phone"].fresh == 1
    check_contact_point(point, "verified", by=None)
    measure_records(policy_in_use(), timezone.localdate())
    assert by_source(world.anna, last_day())["web"]["phone"].fresh == 2


def test_a_value_of_unknown_age_is_not_fresh(world, said):
    SourceRecord.objects.filter(key="w3").update(raw={"a": "1"})
    measure_records(policy_in_use(), timezone.localdate())
    assert by_source(world.anna, last_day())["web"]["phone"].fresh == 1
    SourceRecord.objects.filter(key="w3").update(as_of=timezone.now())
    measure_records(policy_in_use(), timezone.localdate())
    assert by_source(world.anna, last_day())["web"]["phone"].fresh == 2


def test_what_the_matching_found_strange_is_not_valid(world, said):
    strange = SourceRecord.objects.get(key="w3")
    Reading.objects.create(record=strange, strange=["test_data"])
    measure_records(policy_in_use(), timezone.localdate())
    counts = by_source(world.anna, last_day())["web"]["name"]
    assert (counts.filled, counts.valid) == (3, 2)


def test_a_site_sees_its_own_customers_records_only(world, said):
    assert by_source(world.grace, last_day())["web"]["phone"].records == 2
    assert by_source(world.eve, last_day())["web"]["phone"].records == 1
    assert "erp" not in by_source(world.eve, last_day())
    assert [str(p) for p, _c in by_site(world.eve, last_day(), "phone", "complete", 9)] == [
        "해운대서비스센터"
    ]


def listed(client, address: str) -> str:
    """The rows of a list, without the page's own words and keys."""
    return client.get(address).content.decode().partition("<tbody")[2]


def test_behind_a_figure_stand_exactly_the_records_that_it_lacks(world, said, client):
    client.force_login(world.anna)
    page = listed(client, "/quality/records/?source=web&field=phone&fault=invalid")
    assert "w2" in page and "w1" not in page and "w3" not in page
    # the fault must be the field's own: w2's mail is invalid, its gender is missing
    page = listed(client, "/quality/records/?source=web&field=gender&fault=invalid")
    assert "w2" not in page
    client.force_login(world.eve)
    page = listed(client, "/quality/records/?source=web&field=phone&fault=invalid")
    assert "w2" not in page
    client.force_login(world.alan)
    assert client.get("/quality/records/").status_code == 403


def test_a_customer_who_moved_away_since_the_night_is_not_shown(world, said, client):
    Customer.objects.filter(pk=said["two"].pk).update(home_place=world.place("HAEUNDAE"))
    client.force_login(world.grace)
    page = listed(client, "/quality/records/?source=web&field=phone&fault=invalid")
    assert "w2" not in page


def test_records_that_are_gone_count_no_more(world, said):
    SourceRecord.objects.filter(key="w2").update(gone_at=timezone.now())
    measure_records(policy_in_use(), timezone.localdate())
    assert by_source(world.anna, last_day())["web"]["phone"].records == 2


def test_what_was_written_here_by_hand_is_no_source_beside_others(world, said):
    one = said["one"]
    change_customer(one, by=world.ada, revision=one.revision, seen={}, note="전화 뒤 메모")
    measure_records(policy_in_use(), timezone.localdate())
    assert set(by_source(world.anna, last_day())) == {"erp", "web"}


def test_days_of_the_company_are_kept_and_of_sites_the_last_alone(world, said):
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Measure.objects.update(day=yesterday)
    measure_records(policy_in_use(), timezone.localdate())
    assert Measure.objects.filter(day=yesterday, place=None).exists()
    assert not Measure.objects.filter(day=yesterday).exclude(place=None).exists()
    assert last_day() == timezone.localdate()


def test_one_source_has_nothing_to_compare(world):
    SourceRecord.objects.all().delete()
    a_point(world)
    measure_records(policy_in_use(), timezone.localdate())
    counts = by_source(world.anna, last_day())["dealer"]["name"]
    assert (counts.records, counts.compared, counts.share("consistent")) == (1, 0, None)


def test_no_record_at_all_is_no_measure(world):
    assert measure_records(policy_in_use(), timezone.localdate()) == 0
    assert last_day() is None


def test_a_day_without_a_look_is_a_gap_in_the_course(world):
    a_point(world)
    today = timezone.localdate()
    for ago in (3, 0):
        measure_records(policy_in_use(), today - dt.timedelta(days=ago))
    drawn = course("complete", "phone")
    assert drawn["x"][0] == f"{(today - dt.timedelta(days=3)):%-m월 %-d일}"
    assert len(drawn["x"]) == 4
    assert [share is None for share in drawn["series"][0]["data"]] == [False, True, True, False]
