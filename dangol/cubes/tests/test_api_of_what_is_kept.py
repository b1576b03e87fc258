"""Views, mails, goals, watches and issues by program, through the actions of the pages."""

from __future__ import annotations

import datetime as dt
import json
import uuid

import pytest
from django.utils import timezone

from dangol.core.models import AuditEntry
from dangol.cubes.actions import set_goal, set_watch
from dangol.cubes.models import Goal, Issue, Subscription, View, Watch
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import GOOD, completed
from dangol.warehouse.actions import copy_changes

QUESTION = {
    "subject": "satisfaction", "rows": ["site"], "measures": ["index"], "period": "30d",
    "filters": {"process": ["sales"]}, "look": "bar",
}  # fmt: skip
ASKED = "subject=satisfaction&rows=site&measures=index"


@pytest.fixture
def ask(client, world):
    """Ask as somebody: the status and the answer."""

    def send(who, method, path, **body):
        client.force_login(getattr(world, who))
        answer = client.generic(method, f"/api/v1/cubes{path}", json.dumps(body), "application/json")  # fmt: skip
        return answer.status_code, answer.json()

    return send


def an_issue(world, place="GANGNAM", n=0, owner=None):
    watch = Watch.objects.first() or set_watch(
        name="급변", address=ASKED, measure="index", test="sudden", owner=world.alan, by=world.alan,
    )  # fmt: skip
    return Issue.objects.create(
        watch=watch, member=str(n), label="강남지점", place=world.place(place), address=ASKED, value=1.5,
        owner=owner or world.alan, due_at=timezone.now() + dt.timedelta(hours=n),
    )  # fmt: skip


def a_goal(world, place="GANGNAM"):
    return set_goal(
        name="지수", subject="satisfaction", measure="index", place=world.place(place), value=85.0,
        first=timezone.localdate(), last=timezone.localdate(), by=world.alan,
    )  # fmt: skip


def fields(answer):
    return {error["field"] for error in answer["errors"]}


def test_a_view_is_kept_shared_and_forgotten(ask, world):
    status, view = ask("alan", "POST", "/views", name="지점별", question=QUESTION)
    assert status == 201
    assert {n: view["question"][n] for n in QUESTION} == QUESTION
    assert ask("grace", "GET", f"/views/{view['id']}")[0] == 404
    path = f"/views/{view['id']}/sharing"
    assert ask("alan", "PUT", path, sharing="roles", roles=["site_manager"])[1]["roles"] == ["site_manager"]  # fmt: skip
    assert ask("grace", "GET", f"/views/{view['id']}")[0] == 200
    assert ask("mark", "GET", f"/views/{view['id']}")[0] == 404
    for method, there in (("PUT", path), ("POST", f"/views/{view['id']}/end")):
        assert ask("grace", method, there, sharing="everyone")[0] == 403
    assert View.objects.get().sharing == "roles" and View.objects.get().ended_at is None
    status, gone = ask("alan", "POST", f"/views/{view['id']}/end")
    assert status == 200 and gone["ended_at"]
    assert ask("grace", "GET", "/views")[1]["items"] == []


def test_a_kept_question_can_be_asked_again(ask, world, lake_folder):
    copy_changes()
    view = ask("alan", "POST", "/views", name="지점별", question=QUESTION)[1]
    status, answer = ask("alan", "POST", "/query", **view["question"])
    assert (status, answer["rows"]) == (200, ["site"])


def test_views_are_paged_by_name(ask, world):
    for name in ("나", "가", "다"):
        ask("alan", "POST", "/views", name=name, question=QUESTION)
    first = ask("alan", "GET", "/views?limit=2")[1]
    second = ask("alan", "GET", f"/views?limit=2&after={first['next']}")[1]
    assert [v["name"] for v in first["items"] + second["items"]] == ["가", "나", "다"]
    assert second["next"] == ""


def test_a_wrong_question_is_told_by_field_and_nothing_is_kept(ask, world):
    wrong = QUESTION | {"rows": ["nothing"], "period": "x"}
    status, answer = ask("alan", "POST", "/views", name="지점별", question=wrong)
    assert status == 422 and fields(answer) == {"question.rows", "question.period"}
    status, answer = ask("alan", "POST", "/views", name="a", question=QUESTION, sharing="roles", roles=["king"])  # fmt: skip
    assert status == 422 and fields(answer) == {"roles"}
    assert ask("alan", "POST", "/views", name="  ", question=QUESTION)[0] == 422
    assert ask("ada", "POST", "/views", name="a", question=QUESTION)[0] == 403
    assert not View.objects.exists()


def test_a_shared_view_is_subscribed_to_and_left(ask, world):
    view = ask("alan", "POST", "/views", name="a", question=QUESTION, sharing="everyone")[1]["id"]
    for hour in (7, 9):
        status, mailed = ask("grace", "PUT", f"/views/{view}/subscription", every="week", hour=hour, pdf=False)  # fmt: skip
        assert (status, mailed["every"], mailed["hour"], mailed["pdf"]) == (200, "week", hour, False)  # fmt: skip
    assert [s["id"] for s in ask("grace", "GET", "/subscriptions")[1]["items"]] == [mailed["id"]]
    assert ask("alan", "GET", "/subscriptions")[1]["items"] == []
    status, refused = ask("alan", "PUT", f"/views/{view}/subscription", xlsx=False, pdf=False)
    assert status == 422 and fields(refused) == {"xlsx"}
    assert ask("alan", "POST", f"/subscriptions/{mailed['id']}/end")[0] == 404
    assert ask("grace", "POST", f"/subscriptions/{mailed['id']}/end")[1]["ended_at"]
    assert Subscription.objects.get().ended_at


def test_a_goal_is_set_where_one_may_and_stands_beside_what_is(ask, world, lake_folder):
    place, today = world.place("GANGNAM"), timezone.localdate()
    completed(make_default_surveys()["sales"], place, GOOD, at=timezone.now())
    given = {
        "name": "지수", "subject": "satisfaction", "measure": "index", "place_id": str(place.pk),
        "value": 85.0, "first": str(today), "last": str(today),
    }  # fmt: skip
    status, goal = ask("alan", "POST", "/goals", **given)
    assert (status, goal["value"], goal["place_id"]) == (201, 85.0, str(place.pk))
    assert ask("alan", "GET", f"/goals/{goal['id']}/standing")[0] == 409
    copy_changes()
    stands = ask("grace", "GET", f"/goals/{goal['id']}/standing")[1]
    assert (stands["value"], stands["due"], stands["meaning"]) == (92.5, 85.0, "good")
    assert ask("eve", "GET", f"/goals/{goal['id']}/standing")[0] == 404
    assert ask("eve", "GET", "/goals")[1]["items"] == []
    assert ask("grace", "POST", "/goals", **given)[0] == 403
    assert ask("grace", "POST", f"/goals/{goal['id']}/end")[0] == 403
    assert Goal.objects.get().ended_at is None
    assert ask("alan", "POST", f"/goals/{goal['id']}/end")[1]["ended_at"]


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"measure": "nothing"}, "measure"),
        ({"subject": "nothing"}, "measure"),
        ({"last": "2020-01-01"}, "last"),
        ({"filters": {"nothing": ["a"]}}, "filters.nothing"),
        ({"value": 1e300}, "value"),
    ],
)
def test_a_goal_that_cannot_be_is_told_by_field(ask, world, wrong, field):
    given = {
        "name": "지수", "subject": "satisfaction", "measure": "index", "value": 85.0,
        "place_id": str(world.place("GANGNAM").pk), "first": "2026-01-01", "last": "2026-12-31",
    }  # fmt: skip
    status, answer = ask("alan", "POST", "/goals", **given | wrong)
    assert status == 422 and fields(answer) == {field}
    assert ask("alan", "POST", "/goals", **given | {"place_id": str(uuid.uuid4())})[0] == 404
    assert not Goal.objects.exists()


def test_a_goal_lies_on_the_scale_of_its_figure_and_can_be_changed(ask, world):
    goal = a_goal(world)
    given = {
        "name": "지수", "subject": "satisfaction", "measure": "index", "value": 101,
        "place_id": str(world.place("GANGNAM").pk), "first": "2026-01-01", "last": "2026-12-31",
    }  # fmt: skip
    for wrong, field in (
        ({}, "value"), ({"value": -1}, "value"), ({"measure": "low_share", "value": 100.5}, "value"),
        ({"measure": "answers", "value": -5}, "value"), ({"value": 80, "last": "2046-01-01"}, "last"),
    ):  # fmt: skip
        status, answer = ask("alan", "PUT", f"/goals/{goal.pk}", **given | wrong)
        assert status == 422 and fields(answer) == {field}, wrong
        assert ask("alan", "POST", "/goals", **given | wrong)[0] == 422
    goal.refresh_from_db()
    assert goal.value == 85.0 and Goal.objects.count() == 1
    status, changed = ask("alan", "PUT", f"/goals/{goal.pk}", **given | {"value": 88})
    assert (status, changed["value"], changed["id"]) == (200, 88.0, str(goal.pk))
    entry = AuditEntry.objects.get(verb="cubes.goal_changed")
    assert entry.changes["value"] == [85.0, 88.0]
    assert ask("grace", "PUT", f"/goals/{goal.pk}", **given | {"value": 1})[0] == 403


def test_a_watch_can_be_changed_and_keeps_its_issues(ask, world):
    issue = an_issue(world)
    given = {
        "name": "낮음",
        "question": QUESTION,
        "measure": "index",
        "test": "below",
        "threshold": 70,
    }
    path = f"/watches/{issue.watch_id}"
    status, answer = ask("alan", "PUT", path, **given | {"threshold": 170})
    assert status == 422 and fields(answer) == {"threshold"}
    status, watch = ask("alan", "PUT", path, **given)
    assert (status, watch["test"], watch["threshold"], watch["question"]["look"]) == (200, "below", 70.0, "bar")  # fmt: skip
    issue.refresh_from_db()
    assert issue.closed_at is None
    assert ask("alan", "PUT", path, **given | {"test": "sudden"})[1]["threshold"] is None
    assert ask("grace", "PUT", path, **given)[0] == 403


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_name_that_means_nothing_is_refused_by_name(ask, client, world, language):
    world.alan.language = language
    world.alan.save()
    told = {"ko": "없어요", "en": "There is no field"}[language]
    for path, body in (
        ("/query", {"subject": "sales", "rowz": ["site"]}),
        ("/views", {"name": "x", "question": QUESTION | {"rowz": []}}),
        ("/watches", {"name": "x", "question": QUESTION, "measure": "index", "rowz": 1}),
    ):
        status, answer = ask("alan", "POST", path, **body)
        assert status == 422, path
        (wrong,) = answer["errors"]
        assert wrong["field"].split(".")[-1] == "rowz" and told in wrong["message"]
    assert not View.objects.exists() and not Watch.objects.exists()
    for body in ("[]", "3", "null", '"x"', ""):
        answer = client.post("/api/v1/cubes/query", body, "application/json")
        (wrong,) = answer.json()["errors"]
        assert answer.status_code == 422 and "{ … }" in wrong["message"], body
        assert wrong["field"] == "body"


@pytest.mark.parametrize("name", ["", "   ", "\t\n", "\x07\x1b", "\u200b\u200e", "\u3164"])
def test_a_name_that_nobody_can_read_is_refused_with_its_field(ask, client, world, name):
    day = timezone.localdate().isoformat()
    goal = {"subject": "sales", "measure": "amount", "place_id": str(world.place("HQ").pk), "value": 1, "first": day, "last": day}  # fmt: skip
    for path, body in (
        ("/views", {"question": QUESTION}), ("/watches", {"question": QUESTION, "measure": "index"}), ("/goals", goal),
    ):  # fmt: skip
        status, answer = ask("alan", "POST", path, name=name, **body)
        assert (status, fields(answer)) == (422, {"name"}), path
    formula = QUESTION | {"formulas": ["x=index", f"{name}=index * 2"]}
    status, answer = ask("alan", "POST", "/query", **formula)
    assert (status, fields(answer)) == (422, {"formulas.1"})
    assert client.post("/cubes/views/new/", {"name": name, "address": ASKED}).status_code == 422
    assert not View.objects.exists() and not Watch.objects.exists() and not Goal.objects.exists()
    kept = a_goal(world)
    status, answer = ask("alan", "PUT", f"/goals/{kept.pk}", name=name, **goal)
    assert (status, fields(answer)) == (422, {"name"})
    kept.refresh_from_db()
    assert (kept.name, kept.subject) == ("지수", "satisfaction")


def test_a_goal_ends_only_where_one_may_set_goals(ask, world):
    from dangol.core.roles import Role
    from dangol.places.actions import grant_role

    goal = a_goal(world)
    grant_role(world.grace, Role.ANALYST, world.place("MAPO"), by=None)
    assert ask("grace", "POST", f"/goals/{goal.pk}/end")[0] == 404
    goal.refresh_from_db()
    assert goal.ended_at is None


def test_a_watch_is_set_and_ended(ask, world):
    given = {"name": "급변", "question": QUESTION, "measure": "index", "hours": 24}
    status, watch = ask("alan", "POST", "/watches", **given)
    assert (status, watch["test"], watch["owner_id"]) == (201, "sudden", str(world.alan.pk))
    status, answer = ask("alan", "POST", "/watches", **given | {"test": "below"})
    assert status == 422 and fields(answer) == {"threshold"}
    assert ask("grace", "POST", "/watches", **given)[0] == 403
    assert ask("grace", "GET", "/watches")[1]["items"] == []
    assert ask("grace", "POST", f"/watches/{watch['id']}/end")[0] == 403
    assert ask("alan", "POST", f"/watches/{watch['id']}/end")[1]["ended_at"]
    assert ask("alan", "GET", "/watches")[1]["items"] == []


def test_issues_are_listed_by_place_taken_and_closed(ask, world):
    here, there = an_issue(world), an_issue(world, "HAEUNDAE", 1)
    assert [i["id"] for i in ask("alan", "GET", "/issues")[1]["items"]] == [str(here.pk), str(there.pk)]  # fmt: skip
    assert [i["id"] for i in ask("grace", "GET", "/issues?open=true")[1]["items"]] == [str(here.pk)]
    assert ask("grace", "POST", f"/issues/{there.pk}/take")[0] == 404
    taken = ask("grace", "POST", f"/issues/{here.pk}/take")[1]
    assert taken["owner_id"] == taken["taken_by_id"] == str(world.grace.pk)
    assert ask("rex", "POST", f"/issues/{here.pk}/take")[1]["owner_id"] == str(world.grace.pk)
    status, answer = ask("grace", "POST", f"/issues/{here.pk}/close", words="  ")
    assert status == 422 and fields(answer) == {"words"}
    assert ask("grace", "POST", f"/issues/{here.pk}/close", words="공사")[1]["words"] == "공사"
    assert ask("grace", "GET", "/issues?open=true")[1]["items"] == []
    assert [i["id"] for i in ask("grace", "GET", "/issues?open=false")[1]["items"]] == [str(here.pk)]  # fmt: skip
    there.refresh_from_db()
    assert there.taken_at is None
