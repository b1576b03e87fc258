"""Goals and watches in the browser: set, changed, refused in the form."""

from __future__ import annotations

from dangol.cubes.models import Goal
from dangol.cubes.tests.test_api_of_what_is_kept import a_goal, an_issue
from dangol.warehouse.actions import copy_changes


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
