"""Figures by program: the names, the scope and the refusals of the explorer."""

from __future__ import annotations

import json

import pytest
from django.utils import timezone

from dangol.cubes.subjects.catalogue import SUBJECTS
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import BAD, GOOD, completed
from dangol.warehouse.actions import copy_changes


@pytest.fixture
def answered(world, lake_folder):
    surveys, now = make_default_surveys(), timezone.now()
    completed(surveys["sales"], world.place("GANGNAM"), GOOD, at=now)
    completed(surveys["sales"], world.place("MAPO"), BAD, at=now)
    copy_changes()


@pytest.fixture
def ask(client):
    def post(user, language="ko", **body):
        client.force_login(user)
        given = {"subject": "satisfaction", "rows": ["site"], "measures": ["index"]} | body
        answer = client.post("/api/v1/cubes/query", json.dumps(given), "application/json", headers={"Accept-Language": language})  # fmt: skip
        return answer.status_code, answer.json()

    return post


def test_figures_come_with_members_intervals_and_totals(world, answered, ask):
    status, body = ask(world.alan, columns=["process"], sort="-index")
    assert status == 200
    assert [row["members"] for row in body["items"]] == [
        [{"key": "GANGNAM", "label": "강남지점"}], [{"key": "MAPO", "label": "마포지점"}],
    ]  # fmt: skip
    assert body["columns"] == [[{"key": "sales", "label": "판매"}]]
    assert body["items"][0]["total"]["index"]["value"] == 92.5
    assert body["total"]["total"]["index"]["value"] == 55.0
    assert body["total"]["total"]["index"]["low"] == 0.0


def test_pages_follow_each_other(world, answered, ask):
    _status, first = ask(world.alan, limit=1)
    _status, second = ask(world.alan, limit=1, after=first["next"])
    assert [b["items"][0]["members"][0]["key"] for b in (first, second)] == ["GANGNAM", "MAPO"]
    assert (first["next"], second["next"]) == ("1", "")


def test_nobody_gets_figures_of_other_places(world, answered, ask):
    status, body = ask(world.grace, filters={"site": ["MAPO", "GANGNAM"]})
    assert [row["members"][0]["key"] for row in body["items"]] == ["GANGNAM"]
    assert ask(world.ada)[0] == 403


def test_wrong_names_are_told_by_field_in_both_languages(world, answered, ask):
    wrong = {"rows": ["nothing"], "measures": ["nothing"], "period": "x", "filters": {"y": ["z"]}}
    for language, word in (("ko", "차원"), ("en", "dimension")):
        world.alan.language = language
        world.alan.save()
        status, body = ask(world.alan, language, **wrong)
        assert status == 422
        assert {e["field"] for e in body["errors"]} == {"rows", "measures", "period", "filters.y"}
        assert word in next(e["message"] for e in body["errors"] if e["field"] == "rows")


def test_hostile_members_and_days_break_nothing(world, answered, ask):
    for text in ("'; DROP TABLE answers --", "\\", "%", "\u0000", "\ud83d", "x" * 200, "🙂", ""):
        for name in ("process", "site", "agent", "item!", "survey"):
            status, body = ask(world.alan, filters={name: [text]})
            assert status in {200, 400, 422}, (name, text, body)
    for period in (
        "0001-01-01..0001-02-01",
        "9999-01-01..9999-12-31",
        "999y",
        "999m",
        "0d",
        "2026-01-01..",
    ):
        status, _body = ask(world.alan, period=period, compare="previous", rows=["week"])
        assert status in {200, 422}, period


def test_every_subject_tells_its_definitions(world, client, lake_folder):
    client.force_login(world.alan)
    found = client.get("/api/v1/cubes/subjects").json()
    assert [s["name"] for s in found] == list(SUBJECTS)
    for subject in found:
        for measure in subject["measures"]:
            assert (
                measure["meaning"] and measure["formula"] and measure["grain"] and measure["source"]
            )
    assert client.get("/api/v1/cubes/subjects/nothing").status_code == 404
