"""Goals and watches in the browser: set, changed, refused in the form."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from dangol.core.jobs import next_time
from dangol.cubes.actions import set_goal
from dangol.cubes.models import Goal, Watch
from dangol.cubes.tests.test_api_of_what_is_kept import a_goal, an_issue
from dangol.ui.templatetags.measures import against
from dangol.warehouse.actions import copy_changes
from tests.lake.factories import a_customer, a_sale


def test_a_goal_is_changed_in_the_browser_and_a_wrong_one_stays_in_the_form(client, world, lake_folder):  # fmt: skip
    copy_changes()
    goal = a_goal(world)
    client.force_login(world.alan)
    fields_ = {
        "name": "새 지수", "figure": "satisfaction.index", "place": world.place("GANGNAM").code,
        "value": "130", "first": "2026-01-01", "last": "2026-12-31",
    }  # fmt: skip
    refused = client.post(f"/cubes/goals/{goal.pk}/", fields_)
    assert refused.status_code == 422 and 'value="새 지수"' in refused.content.decode()
    client.post(f"/cubes/goals/{goal.pk}/", fields_ | {"value": "90"})
    goal.refresh_from_db()
    assert (goal.name, goal.value) == ("새 지수", 90.0)
    client.force_login(world.grace)
    assert client.get(f"/cubes/goals/{goal.pk}/").status_code == 403


def test_a_watch_is_changed_in_the_browser(client, world):
    watch = an_issue(world).watch
    client.force_login(world.alan)
    page = client.get(f"/cubes/watches/{watch.pk}/").content.decode()
    assert 'value="급변"' in page
    asked = {"name": "새", "measure": "index", "test": "below", "least": 5, "hours": 10}
    assert client.post(f"/cubes/watches/{watch.pk}/", asked).status_code == 422
    client.post(f"/cubes/watches/{watch.pk}/", asked | {"threshold": "60"})
    watch.refresh_from_db()
    assert (watch.name, watch.test, watch.threshold, watch.least) == ("새", "below", 60.0, 5)


def test_the_goal_form_takes_a_place_of_the_list(client, world, lake_folder):
    copy_changes()
    client.force_login(world.alan)
    page = client.get("/cubes/goals/new/").content.decode()
    assert "data-combobox" in page and "for=goals.edit" in page
    given = {
        "name": "지수", "figure": "satisfaction.index", "place": "강남지점 · GANGNAM", "value": "85",
        "first": "2026-01-01", "last": "2026-12-31",
        "place-key": str(world.place("GANGNAM").pk),
    }  # fmt: skip
    assert client.post("/cubes/goals/new/", given).status_code == 302
    assert Goal.objects.get().place == world.place("GANGNAM")
    assert client.post("/cubes/goals/new/", given | {"place": "없는 곳", "place-key": ""}).status_code == 422  # fmt: skip
    assert Goal.objects.count() == 1


def test_a_watch_that_has_not_looked_says_so_and_when_it_will(client, world):
    issue = an_issue(world)
    client.force_login(world.alan)
    line = client.get("/cubes/issues/").content.decode()
    when = date_format(timezone.localtime(next_time("cubes.look", timezone.now())), "TIME_FORMAT")
    assert when.endswith(":12") and f"아직 안 봤어요 · {when}에 첫 점검" in line
    issue.delete()
    page = client.get("/cubes/issues/").content.decode()
    assert "아직 한 번도 살펴보지 않았어요" in page and f"첫 점검은 {when}이고" in page
    assert "눈에 띄는 것이 없어요" not in page
    Watch.objects.update(looked_at=timezone.now())
    page = client.get("/cubes/issues/").content.decode()
    assert "눈에 띄는 것이 없어요" in page and f"다음 점검은 {when}이에요" in page


def test_without_a_watch_nothing_is_said_to_be_in_order(client, world):
    client.force_login(world.alan)
    page = client.get("/cubes/issues/").content.decode()
    assert "아직 지켜보는 것이 없어요" in page and "눈에 띄는 것이 없어요" not in page


@pytest.mark.parametrize(
    ("value", "meaning", "kept", "over"), [(2, "good", "20.0", ""), (25, "bad", "40.0", "60.0")]
)
def test_a_limit_that_is_exceeded_shows_the_overrun_behind_the_mark(value, meaning, kept, over):
    drawn = against(value, 10, at_most=True, meaning=meaning)
    widths = dict(re.findall(r'<rect(?: class="(\w+)")?[^>]* width="([\d.]+)"', drawn))
    assert (widths[""], widths.get("over", "")) == (kept, over)
    assert ("mark" in widths) == bool(over) and ("meter-good" in drawn) == (meaning == "good")


def test_a_goal_that_is_to_be_reached_is_marked_where_it_should_be_by_now():
    drawn = against(30, 100, due=50, meaning="bad")
    assert 'width="30.0"' in drawn and 'class="mark" x="50.0"' in drawn and "over" not in drawn


def test_a_missed_limit_looks_missed_on_the_page(client, world, lake_folder):
    customer = a_customer(home_place=world.place("GANGNAM"))
    for _n in range(3):
        a_sale(customer, -100, at=timezone.now(), place=world.place("GANGNAM"))
    copy_changes()
    today = timezone.localdate()
    set_goal(
        name="환불", subject="sales", measure="refunds", place=world.place("GANGNAM"), value=1.0,
        first=today - dt.timedelta(days=1), last=today, by=world.alan,
    )  # fmt: skip
    client.force_login(world.alan)
    page = client.get("/cubes/goals/").content.decode()
    assert "한도 초과" in page and "2 초과" in page and 'class="over"' in page
