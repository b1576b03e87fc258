"""The pages, the customer's panel, the API: who sees what, and that each deed is written down once."""

from __future__ import annotations

import pytest

from dangol.core.models import AccessEntry, AuditEntry
from dangol.core.roles import Role
from dangol.places.actions import grant_role
from dangol.scores.actions import ask_for_run, change_model, start_due_runs
from dangol.scores.models import ModelVersion, Run, Score, ScoreModel
from dangol.scores.running import perform
from dangol.scores.scoped import run_in_scope
from dangol.scores.tests.factories import NOON, bought, ran
from tests.lake.factories import a_customer

pytestmark = pytest.mark.usefixtures("lake_folder")


@pytest.fixture
def scored(world):
    """A customer of 강남 and one of 해운대, with their RFM."""
    here = bought(a_customer(name="강남단골", home_place=world.place("GANGNAM")), 1, 2, 3)
    far = bought(a_customer(name="부산단골", home_place=world.place("HAEUNDAE")), 9)
    ran("rfm")
    return here, far


def test_all_scores_on_one_page(client, world, scored):
    client.force_login(world.alan)
    page = client.get("/scores/").content.decode()
    assert "고객 가치" in page and "이탈 위험" in page and "실행한 적 없음" in page


def test_an_empty_company_reads_calmly_what_is_missing(client, world):
    ran("rfm")
    client.force_login(world.alan)
    for address in ("/scores/", "/scores/rfm/"):
        page = client.get(address).content.decode()
        assert "아직 구매가 없어요" in page
        assert "badge-bad" not in page and "notice notice-" not in page and "실패" not in page
    assert "충분해지면 저절로 실행돼요" in page and "아직 점수가 없어요" not in page


def test_a_company_that_had_scores_and_lacks_now_keeps_them(client, world, scored):
    for customer in scored:
        customer.transactions.all().delete()
    assert ran("rfm").state == "lacking"
    client.force_login(world.alan)
    page = client.get("/scores/rfm/").content.decode()
    assert "notice-info" in page and "notice-watch" not in page
    assert "그 전 점수는 그대로예요" in page and "최우수" in page


def test_rfm_shows_cells_and_where_they_lead(client, world, scored):
    client.force_login(world.mark)
    page = client.get("/scores/rfm/").content.decode()
    assert "최우수" in page and "/scores/customers/?model=rfm&amp;cell=champions" in page


def test_a_customer_page_says_why(client, world, scored):
    here, far = scored
    client.force_login(world.grace)
    panel = client.get(f"/scores/customer/{here.pk}/").content.decode()
    assert "R" in panel and "3일 구매" in panel and "₩300" in panel
    assert client.get(f"/scores/customer/{far.pk}/").status_code == 404


def test_the_list_keeps_the_scope_and_is_written_into_the_access_log(client, world, scored):
    client.force_login(world.grace)
    page = client.get("/scores/customers/?model=rfm").content.decode()
    assert "강*단*" not in page and "부산" not in page
    assert AccessEntry.objects.get(by=world.grace).subjects == [scored[0].pk]
    assert "강남단골" not in page  # a site manager sees names masked


def test_a_run_is_asked_for_once_by_those_who_may(client, world, scored):
    client.force_login(world.sue)
    assert client.post("/scores/rfm/runs/").status_code == 403
    client.force_login(world.mark)
    for _twice in range(2):
        assert client.post("/scores/rfm/runs/").status_code == 302
    assert Run.objects.filter(finished_at=None).count() == 1
    assert AuditEntry.objects.filter(verb="scores.run_asked").count() == 1


def test_promotion_is_a_deed_with_a_name(client, world, scored):
    model = ScoreModel.objects.get(key="rfm")
    first = model.champion
    second = ModelVersion.objects.create(model=model, number=2, algorithm="x", lake_version=1)
    client.force_login(world.mark)
    assert client.post("/scores/rfm/champion/", {"number": 2}).status_code == 403
    client.force_login(world.alan)
    for _twice in range(2):
        assert client.post("/scores/rfm/champion/", {"number": 2}).status_code == 302
    model.refresh_from_db()
    assert (model.champion, first.number) == (second, 1)
    entry = AuditEntry.objects.get(verb="scores.version_promoted", by=world.alan)
    assert entry.changes == {"champion": [1, 2]}
    assert client.post("/scores/rfm/champion/", {"number": 99}).status_code == 302
    model.refresh_from_db()
    assert model.champion == second


def test_settings_refuse_nonsense_and_keep_what_was_there(client, world, scored):
    client.force_login(world.alan)
    for wrong in ({"rates": "USD -3"}, {"rates": "USD"}, {"rates": "US 3"}, {"days": "3"}):
        assert client.post("/scores/rfm/settings/", wrong).status_code == 422
    assert ScoreModel.objects.get(key="rfm").settings == {}
    given = {"rates": "usd 1,380", "score_every": "week", "days": "365"}
    assert client.post("/scores/rfm/settings/", given).status_code == 302
    model = ScoreModel.objects.get(key="rfm")
    assert (model.settings, model.score_every) == ({"rates": {"USD": "1380"}, "days": 365}, "week")
    assert AuditEntry.objects.filter(verb="scores.model_changed").count() == 1


def test_a_setting_takes_effect_with_the_next_run(world, scored):
    model = ScoreModel.objects.get(key="rfm")
    change_model(model, score_every="day", learn_every="", settings={"days": 7}, by=world.alan)
    run = ran("rfm")
    assert run.customers == 1
    assert Score.objects.get().customer == scored[0]


def test_the_schedule_asks_for_what_is_due_and_nothing_twice(world, scored):
    Run.objects.all().delete()
    ScoreModel.objects.exclude(key="rfm").update(score_every="", learn_every="")
    ScoreModel.objects.filter(key="rfm").update(learn_every="")
    assert start_due_runs(NOON) == 1
    perform(Run.objects.get())
    assert start_due_runs(NOON.replace(hour=9)) == 0
    assert start_due_runs(NOON.replace(day=3)) == 1


def test_a_run_that_ended_is_not_done_again(world, scored):
    run = Run.objects.get()
    at = run.finished_at
    assert perform(run).finished_at == at


def test_the_api_does_and_says_the_same(client, world, scored):
    client.force_login(world.alan)
    assert client.get("/api/v1/scores").json()[0]["champion"] == 1
    assert client.get("/api/v1/scores/rfm/versions").json()["items"][0]["algorithm"] == "ntile"
    assert client.get("/api/v1/scores/rfm/runs").json()["items"][0]["customers"] == 2
    assert client.get("/api/v1/scores/none/runs").status_code == 404
    asked = client.post("/api/v1/scores/rfm/runs", {"learn": True}, "application/json")
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    wrong = client.put("/api/v1/scores/rfm/champion", {"number": 7}, "application/json")
    assert wrong.status_code == 404
    client.force_login(world.grace)
    rows = client.get("/api/v1/scores/rfm/customers").json()["items"]
    assert [r["customer_id"] for r in rows] == [str(scored[0].pk)]
    (one,) = client.get(f"/api/v1/customers/{scored[0].pk}/scores").json()
    assert one["reasons"][1] == ["bought_often", 3, 2]
    assert client.get(f"/api/v1/customers/{scored[1].pk}/scores").status_code == 404
    assert client.get("/api/v1/scores").status_code == 403


def test_asking_with_the_schedule_leaves_no_name(world, scored):
    run = ask_for_run(ScoreModel.objects.get(key="value"), by=None)
    assert run.by is None and not AuditEntry.objects.filter(verb="scores.run_asked").exists()


def test_a_region_sees_the_figures_of_its_own_customers(client, world):
    """Everything on the page, cells, grid, sums and moves; a region's manager may see scores here."""
    for number in range(12):
        bought(a_customer(home_place=world.place("GANGNAM")), 5 + number, 30 + number, amount=100)
        bought(a_customer(home_place=world.place("HAEUNDAE")), 9 + number, amount=77_000)
    run = ran("rfm")
    grant_role(world.rex, Role.ANALYST, world.place("SEOUL"), by=world.anna)
    seen = run_in_scope(world.rex, run.model, run)
    assert sum(c["customers"] for c in seen.summary["cells"].values()) == 12
    assert sum(map(sum, seen.summary["grid"])) == 12
    assert sum(c["money"] or 0 for c in seen.summary["cells"].values()) == 2400
    assert [(m.before, m.customers) for m in seen.summary["moves"]] == [("", 12)]
    client.force_login(world.rex)
    page = client.get("/scores/rfm/").content.decode()
    assert "77,000" not in page and "200원" in page
    client.force_login(world.alan)
    assert "77,000" in client.get("/scores/rfm/").content.decode()


@pytest.mark.parametrize("key", ["value", "churn", "next", "voice"])
def test_each_kind_says_the_same_of_everybody_in_parts_as_in_whole(client, world, key):
    """The scoped summary over the whole company equals the run's own."""
    model = ScoreModel.objects.get(key=key)
    cells = {"next": {"A": 2, "B": 1}}.get(key) or {"low": 1, "high": 2}
    run = Run.objects.create(
        model=model, started_at=NOON, finished_at=NOON, as_of=NOON.date(),
        summary={"cells": {c: {"customers": 0} for c in cells}},
    )  # fmt: skip
    for cell, n in cells.items():
        for number in range(n):
            Score.objects.create(
                model=model, customer=a_customer(home_place=world.place("GANGNAM")), cell=cell,
                value=0.25 + number / 4, at=NOON, reasons=[["alive", 0.5, 3]],
            )  # fmt: skip
    Score.objects.create(
        model=model, customer=a_customer(home_place=world.place("HAEUNDAE")), cell="low", value=9,
        at=NOON, reasons=[["alive", 1, 1]],
    )  # fmt: skip
    grant_role(world.rex, Role.ANALYST, world.place("SEOUL"), by=world.anna)
    said = run_in_scope(world.rex, model, run).summary
    assert {c: v["customers"] for c, v in said["cells"].items()} == cells
    if key == "value":
        assert (said["value"], said["alive"]) == (1.0, 1.5)
        assert said["alive_parts"] == [0, 0, 0, 0, 0, 3, 0, 0, 0, 0]
    if key == "churn":
        assert said["parts"] == [0, 0, 2, 0, 0, 1, 0, 0, 0, 0]
        assert said["rate"] == pytest.approx(1 / 3)


def test_settings_that_one_may_not_change_are_shown_as_such(client, world, scored):
    client.force_login(world.mark)
    page = client.get("/scores/rfm/?view=settings").content.decode()
    assert "<fieldset" in page and "disabled>" in page and "볼 수만 있어요" in page
    client.force_login(world.alan)
    assert "볼 수만 있어요" not in client.get("/scores/rfm/?view=settings").content.decode()
