"""Pages of segments: making one, its page, its members as each person may see them."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from dangol.core.models import AccessEntry
from dangol.segments.building import offered
from dangol.segments.models import Segment
from dangol.segments.refreshing import refresh_segments
from dangol.segments.tests.factories import REGULARS, a_segment, sale, somebody
from dangol.warehouse.actions import copy_changes

pytestmark = pytest.mark.usefixtures("lake_folder")


@pytest.fixture
def counted(world):
    """Two regulars of two sites, one who bought once, and the segment of the regulars."""
    people = [somebody(world, name="김단골"), somebody(world, "HAEUNDAE", name="이바다")]
    for one in people:
        sale(one), sale(one)
    sale(somebody(world, name="박손님"))
    segment = a_segment(world)
    copy_changes()
    refresh_segments()
    return segment


def asked(client, address, rule, **more):
    """What the builder is told."""
    body = json.dumps({"rule": rule} | more)
    return client.post(address, body, content_type="application/json")


def test_a_marketer_makes_a_segment(client, world):
    client.force_login(world.mark)
    place = world.place("HQ")
    assert client.get("/segments/new/").status_code == 200
    sent = {
        "name": "단골", "place": str(place), "place-key": str(place.pk), "rule": json.dumps(REGULARS),
    }  # fmt: skip
    answer = client.post("/segments/new/", sent)
    made = Segment.objects.get()
    assert answer.headers["Location"] == f"/segments/{made.pk}/"
    assert (made.name, made.owner, made.versions.get().rule) == ("단골", world.mark, REGULARS)


def test_a_wrong_rule_is_told_and_kept_in_the_form(client, world):
    client.force_login(world.mark)
    place = world.place("HQ")
    rule = {"all": [{"count": {"of": "transactions"}}, {"attribute": "kind"}]}
    sent = {
        "name": "단골",
        "place": str(place),
        "place-key": str(place.pk),
        "rule": json.dumps(rule),
    }
    page = client.post("/segments/new/", sent).content.decode()
    assert "최솟값이나 최댓값" in page and "값을 고르세요" in page
    assert '{"all": [{"count": {"of": "transactions"}}, {"attribute": "kind"}]}' in page
    assert not Segment.objects.exists()


def test_the_count_is_live_and_every_mistake_has_its_place(client, world, counted):
    client.force_login(world.mark)
    told = asked(client, "/segments/count/", REGULARS).json()
    assert (told["count"], told["of"], told["share"]) == (2, 3, 66.67)
    assert told["sentence"] == "최근 365일 거래 2번 이상"
    told = asked(client, "/segments/count/", {"all": [REGULARS, {"attribute": "kind"}, {"x": 1}]})
    assert [p["path"] for p in told.json()["problems"]] == [["all", "1", "attribute"], ["all", "2"]]
    assert (told.json()["count"], told.json()["sentence"]) == (2, "최근 365일 거래 2번 이상")
    assert told.json()["left_out"] == "끝나지 않은 조건 2개는 빼고 셌어요."
    half = asked(client, "/segments/profile/", {"all": [REGULARS, {"attribute": "kind"}]})
    assert "지금까지 거래" in half.content.decode()
    told = asked(client, "/segments/count/", REGULARS, place=str(world.place("SEOUL").pk)).json()
    assert told["count"] == 1
    assert asked(client, "/segments/count/", "[" * 9000).json()["problems"]
    page = asked(client, "/segments/profile/", REGULARS).content.decode()
    assert "지금까지 거래" in page


def test_the_page_says_who_and_how_many(client, world, counted):
    client.force_login(world.mark)
    page = client.get(f"/segments/{counted.pk}/").content.decode()
    assert "최근 365일 거래 2번 이상" in page
    assert client.get(f"/segments/{counted.pk}/sizes.json").json()["series"][0]["data"] == [2]
    assert str(counted) in client.get("/segments/?state=open").content.decode()
    assert client.get(f"/segments/{counted.pk}/profile/").status_code == 200


def test_members_are_masked_and_seen_within_the_scope(client, world, counted):
    client.force_login(world.mark)
    page = client.get(f"/segments/{counted.pk}/members/").content.decode()
    assert "김*골" in page and "이*다" in page and "박*님" not in page
    client.force_login(world.grace)
    page = client.get(f"/segments/{counted.pk}/members/").content.decode()
    assert "김*골" in page and "이*다" not in page
    seen = AccessEntry.objects.filter(by=world.grace, what="segment")
    assert [len(entry.subjects) for entry in seen] == [1]
    assert "1 / 2" in page and "전체 2명 가운데 볼 수 있는 1명" in page
    client.force_login(world.mark)
    assert "볼 수 있는" not in client.get(f"/segments/{counted.pk}/members/").content.decode()
    client.force_login(world.alan)  # an analyst sees figures, not people
    assert client.get(f"/segments/{counted.pk}/").status_code == 200
    assert client.get(f"/segments/{counted.pk}/members/").status_code == 403


def test_who_came_and_left_is_listed(client, world, counted):
    park = somebody(world, name="최새로")
    sale(park), sale(park)
    copy_changes()
    refresh_segments()
    client.force_login(world.sue)
    today = timezone.localdate().isoformat()
    page = client.get(f"/segments/{counted.pk}/entered/{today}/").content.decode()
    assert "최새로" in page and "김단골" not in page
    now = timezone.localdate()
    assert f"{now.year}년 {now.month}월 {now.day}일 들어온 고객" in page
    assert client.get(f"/segments/{counted.pk}/left/{today}/").status_code == 200
    assert client.get(f"/segments/{counted.pk}/left/yesterday/").status_code == 404
    assert client.get(f"/segments/{counted.pk}/gone/{today}/").status_code == 404


def test_members_leave_as_a_file_only_with_the_right(client, world, counted):
    client.force_login(world.mark)
    answer = client.get(f"/segments/{counted.pk}/members/?export=csv")
    assert "김*골" in b"".join(answer.streaming_content).decode()
    client.force_login(world.grace)
    assert client.get(f"/segments/{counted.pk}/members/?export=csv").status_code == 403


def test_the_customer_page_shows_the_segments_and_decides_now(client, world, counted):
    kim = counted.members.get(customer__name="김단골").customer
    client.force_login(world.ada)
    page = client.get(f"/segments/customer/{kim.pk}/").content.decode()
    assert counted.name in page
    kim.transactions.all().delete()
    now = client.get(f"/segments/customer/{kim.pk}/?now=1").content.decode()
    assert "더는 아님" in now
    client.force_login(world.eve)
    assert client.get(f"/segments/customer/{kim.pk}/").status_code == 404


def test_values_are_found_by_words(client, world, counted):
    client.force_login(world.mark)
    page = client.get("/segments/found/?of=transactions.kind&q=판").content.decode()
    assert 'data-chosen-key="sale"' in page and "service" not in page
    page = client.get("/segments/found/?of=customers.home_place&q=강남").content.decode()
    assert str(world.place("GANGNAM").pk) in page
    page = client.get("/segments/found/?of=segments&q=").content.decode()
    assert str(counted.pk) in page
    assert client.get("/segments/found/?of=customers.name&q=").status_code == 404
    assert client.get("/segments/found/?of=auth_user.id&q=").status_code == 404


def test_a_segment_of_another_branch_is_not_there(client, world):
    seoul = a_segment(world, place=world.place("SEOUL"))
    client.force_login(world.eve)
    assert client.get(f"/segments/{seoul.pk}/").status_code == 404
    client.force_login(world.rex)
    assert client.get(f"/segments/{seoul.pk}/").status_code == 200
    assert client.get(f"/segments/{seoul.pk}/rule/").status_code == 403


def test_a_copy_begins_with_the_same_rule(client, world, counted):
    client.force_login(world.mark)
    page = client.get(f"/segments/new/?from={counted.pk}").content.decode()
    assert f"{counted} 사본" in page and '"days": 365' in page
    hidden = a_segment(world, place=world.place("BUSAN"))
    client.force_login(world.rex)
    assert client.get(f"/segments/new/?from={hidden.pk}").status_code in (403, 404)


def test_an_end_can_be_taken_back(client, world, counted):
    client.force_login(world.mark)
    page = client.post(f"/segments/{counted.pk}/end/", follow=True).content.decode()
    counted.refresh_from_db()
    assert counted.ended_at and f'"undo": "/segments/{counted.pk}/resumption/"' in page
    client.post(f"/segments/{counted.pk}/resumption/")
    counted.refresh_from_db()
    assert counted.ended_at is None


def test_the_name_of_a_hidden_segment_is_told_nowhere(client, world):
    hidden = a_segment(world, name="부산 비밀", place=world.place("BUSAN"))
    above = a_segment(world, {"segment": str(hidden.pk)}, name="모두의 것")
    client.force_login(world.rex)  # of Seoul
    page = client.get(f"/segments/{above.pk}/").content.decode()
    assert "부산 비밀" not in page and "볼 수 없는 항목" in page
    assert "부산 비밀" not in client.get(f"/segments/{above.pk}/versions/").content.decode()
    told = asked(client, "/segments/count/", {"all": [{"segment": str(hidden.pk)}]})
    assert told.json().get("sentence") is None and "부산" not in told.content.decode()
    answer = client.get(f"/api/v1/segments/{above.pk}")
    assert "부산" not in answer.json()["sentence"]


def test_figures_and_what_they_are_compared_with_are_of_one_version(world, counted):
    from dangol.segments import counting
    from dangol.segments.reading import read
    from dangol.warehouse.engine import lake

    before = lake().version
    somebody(world, name="최새로")
    copy_changes()
    rule, day = read(REGULARS), timezone.localdate()
    found = counting.found(rule, None, lake(), day)
    assert lake().version > before and found.seen.version == before
    assert (found.size, found.everybody) == (2, 3)
    refresh_segments()
    assert counting.found(read(REGULARS | {"from": 1}), None, lake(), day).everybody == 4


def test_a_page_drawn_before_the_first_count_is_drawn_again_after_it(client, world):
    client.force_login(world.mark)
    sale(somebody(world))
    segment = a_segment(world, {"everyone": True})
    address = f"/segments/{segment.pk}/"
    page = client.get(address).content.decode()
    assert "?part=waiting" in page and "sizes.json" not in page
    assert "HX-Refresh" not in client.get(address + "?part=waiting").headers
    copy_changes()
    refresh_segments()
    assert client.get(address + "?part=waiting").headers["HX-Refresh"] == "true"
    assert "HX-Refresh" not in client.get(address + "?part=1").headers
    page = client.get(address).content.decode()
    assert "sizes.json" not in page and "내일부터 크기의 흐름이" in page  # one day is no course
    refresh_segments(day=timezone.localdate() + timezone.timedelta(days=1))
    assert "sizes.json" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("생일", "attribute:birth_band"), ("나이", "attribute:birth_band"), ("age", "attribute:birth_band"),
        ("지역", "attribute:home_place"), ("매장", "attribute:home_place"), ("store", "attribute:home_place"),
        ("구매", "count:transactions"), ("재구매", "count:transactions"), ("repurchase", "count:transactions"),
        ("방문", "count:transactions"), ("불만", "count:cases"), ("케이스", "count:cases"), ("complaint", "count:cases"),
        ("만족도", "count:answers"), ("NPS", "count:answers"), ("점수", "count:answers"),
        ("매출", "transactions.amount"), ("금액", "transactions.amount"), ("revenue", "transactions.amount"),
    ],
)  # fmt: skip
def test_common_words_find_a_condition_in_either_language(world, words, key):
    given = offered()
    known = {f"attribute:{one['name']}": one["also"] for one in given["attributes"]}
    for fact in given["facts"]:
        known[f"count:{fact['name']}"] = fact["also"]
        known |= {f"{fact['name']}.{one['name']}": one["also"] for one in fact["columns"]}
    assert words in known[key]
