"""The screen of the lake and its API: what they show, who may rebuild."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from dangol.core.models import AuditEntry
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.jobs import rebuild
from dangol.warehouse.models import Run
from dangol.warehouse.queries import lake_standing
from tests.lake.factories import a_customer, a_sale, rows_in_lake

pytestmark = pytest.mark.usefixtures("lake_folder")


def test_an_empty_lake_says_what_will_come(client, world):
    client.force_login(world.alan)
    page = client.get("/lake/", headers={"Accept-Language": "en"}).content.decode()
    assert "아직 복사한 것이 없어요" in page


def test_tables_rows_runs_and_versions(client, world):
    a_sale(a_customer(), -5)
    run = copy_changes()
    client.force_login(world.alan)
    page = client.get("/lake/").content.decode()
    assert "거래" in page and "판매 또는 정비 한 건" in page
    assert f'<td class="number">{run.version}</td>' in page
    assert "다시 만들기</span>" not in page  # an analyst sees, an administrator rebuilds
    table = client.get("/lake/transactions/").content.decode()
    assert "0보다 작으면 환불이에요." in table
    assert client.get("/lake/nothing/").status_code == 404


def test_what_waits_is_shown_with_its_age(world):
    copy_changes()
    assert (lake_standing().waiting, lake_standing().late) == (0, False)
    a_sale(a_customer())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE warehouse_change SET at = now() - interval '5 minutes'")
    standing = lake_standing()
    assert standing.waiting == 2
    assert 299 < standing.lag.total_seconds() < 400
    assert standing.late
    copy_changes()
    assert not lake_standing().late


def test_a_rebuild_is_asked_for_once_and_written_down(client, world):
    a_sale(a_customer(), 3)
    copy_changes()
    client.force_login(world.anna)
    for _twice in range(2):
        assert client.post("/lake/rebuilds/", {"table": "transactions"}).status_code == 302
    run = Run.objects.get(kind="rebuild")
    assert (run.by, run.state) == (world.anna, "waiting")
    assert AuditEntry.objects.filter(verb="warehouse.rebuild_asked").count() == 1
    assert "진행" not in run.failure
    rebuild(key=str(run.pk), tables=["transactions"])
    run.refresh_from_db()
    assert (run.state, run.rows, run.done) == ("finished", 1, 1)
    assert rebuild(key=str(run.pk), tables=["transactions"]) == "done already"
    assert len(rows_in_lake("transactions")) == 1


def test_an_analyst_may_not_rebuild(client, world):
    client.force_login(world.alan)
    assert client.post("/lake/rebuilds/").status_code == 403
    assert client.post("/api/v1/lake/rebuilds", "{}", "application/json").status_code == 403
    assert not Run.objects.exists()


def test_a_failed_run_shows_its_reason(client, world):
    Run.objects.create(kind="copy", started_at=timezone.now(), failure="OSError: no space left")
    client.force_login(world.anna)
    assert "no space left" in client.get("/lake/").content.decode()


def test_the_api_says_the_same(client, world):
    a_sale(a_customer(), 3)
    run = copy_changes()
    client.force_login(world.anna)
    said = client.get("/api/v1/lake").json()
    assert (said["version"], said["waiting"]) == (run.version, 0)
    (sales,) = [t for t in said["tables"] if t["name"] == "transactions"]
    assert (sales["rows"], sales["earliest"]) == (1, "2026-03-02")
    columns = client.get("/api/v1/lake/tables/transactions").json()["columns"]
    assert {"name": "customer", "of": "customers"}.items() <= columns[1].items()
    assert client.get("/api/v1/lake/tables/none").status_code == 404
    assert client.get("/api/v1/lake/runs").json()["items"][0]["version"] == run.version
    asked = client.post("/api/v1/lake/rebuilds", {"tables": ["sales"]}, "application/json")
    assert asked.status_code == 404
    asked = client.post("/api/v1/lake/rebuilds", {"tables": ["lines"]}, "application/json")
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
