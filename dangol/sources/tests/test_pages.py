"""The steward's way through the pages: connect, choose, map, trust, schedule, run, answer."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from dangol.core.roles import Role
from dangol.core.sealing import add_key
from dangol.customers.models import SourceRecord
from dangol.places.actions import grant_role
from dangol.sources.actions import seal_anew, set_mapping, start_run
from dangol.sources.connecting import connector
from dangol.sources.connecting.contract import Unusable
from dangol.sources.models import Run, Source
from dangol.sources.queries import sources_with_standing
from dangol.sources.running.carrying import carry_on
from dangol.sources.tests.factories import HEADINGS, PEOPLE, a_source, put, ran
from dangol.sources.words import STATES


@pytest.fixture
def steward(client, world):  # type: ignore[no-untyped-def]
    """Nobody becomes the data steward."""
    grant_role(world.nobody, Role.DATA_STEWARD, world.place("HQ"), by=None)
    client.force_login(world.nobody)
    return client


def test_from_connecting_to_the_first_run(steward):
    put("people.csv", [HEADINGS, *PEOPLE, ["", "무번호", "", "", ""]], folder="pos")
    said = {"name": "매장 POS", "code": "pos", "entity": "person", "folder": "pos"}
    answer = steward.post(reverse("sources:new") + "?connection=folder", said)
    source = Source.objects.get()
    assert answer.url == reverse("sources:place", args=[source.pk])
    assert "people.csv" in steward.get(answer.url).content.decode()
    answer = steward.post(answer.url, {"place": "people.csv"})
    page = steward.get(answer.url).content.decode()
    assert "+821023456789" in page and "1980-01-31" in page  # ten rows, already transformed
    mapping = {"key-1": "고객번호", "name-1": "성명", "phone-1": "휴대폰", "born_on-1": "생년월일",
               "born_on-do": "date", "born_on-how": "ymd"}  # fmt: skip
    shown = steward.post(answer.url, mapping | {"preview": "1"}, headers={"HX-Request": "true"})
    assert "cs@naver.example" not in shown.content.decode() and not Source.objects.get().mapping
    answer = steward.post(answer.url, mapping)
    answer = steward.post(answer.url, dict.fromkeys(("name", "phone", "email", "address", "born_on", "gender", "home", "tier"), 70))  # fmt: skip
    assert answer.url == reverse("sources:schedule", args=[source.pk])
    answer = steward.post(answer.url, {"often": "day", "at": "02:30", "full": "1", "run": "1"})
    source.refresh_from_db()
    assert (source.schedule, source.full, source.trust["phone"]) == ("30 2 * * *", True, 70)
    run = carry_on(Run.objects.get().pk)
    assert (run.new, run.refused, str(run.by)) == (3, 1, "아무개")
    assert "매장 POS" in steward.get(reverse("sources:list")).content.decode()
    refused = steward.get(reverse("sources:refused", args=[source.pk, run.pk]))
    assert "무번호" in b"".join(refused.streaming_content).decode("utf-8-sig")


def test_a_wrong_password_keeps_nothing(steward, postgres_reach):
    said = {"name": "x", "code": "x", "entity": "person", "host": "127.0.0.1", "port": "1",
            "database": "x", "user": "x", "hidden": "geheim"}  # fmt: skip
    answer = steward.post(reverse("sources:new") + "?connection=postgresql", said)
    assert answer.status_code == 422 and not Source.objects.exists()
    assert "geheim" not in answer.content.decode()


def test_secrets_stay_hidden_and_keys_can_change(steward, postgres_reach):
    with psycopg.connect(host=postgres_reach["socket"], user=postgres_reach["user"],
                         dbname=postgres_reach["database"]) as others:  # fmt: skip
        others.execute("CREATE TABLE people (id int PRIMARY KEY, name text, changed timestamptz)")
        others.execute(
            "INSERT INTO people VALUES (1, '김', '2026-01-01Z'), (2, '이', '2026-01-02Z')"
        )
    mapping = {"key": {"from": ["id"]}, "name": {"from": ["name"]}, "as_of": {"from": ["changed"]}}
    source = a_source(
        connection="postgresql", reach=postgres_reach, hidden="geheim", place="people",
        mapping=mapping, full=False, watermark="changed",
    )  # fmt: skip
    assert "geheim" not in source.secret
    for name in ("source", "connection", "mapping", "schedule"):
        assert (
            "geheim"
            not in steward.get(reverse(f"sources:{name}", args=[source.pk])).content.decode()
        )
    add_key()
    assert seal_anew() == 1
    source.refresh_from_db()
    assert source.hidden == "geheim" and not source.secret.startswith("k1:")
    first = ran(source)
    assert (first.full, first.new) == (True, 2)  # nothing to be newer than: all of it
    with psycopg.connect(host=postgres_reach["socket"], user=postgres_reach["user"],
                         dbname=postgres_reach["database"]) as others:  # fmt: skip
        others.execute("INSERT INTO people VALUES (3, '박', '2026-01-03Z')")
        others.execute("DELETE FROM people WHERE id = 1")
    source.refresh_from_db()
    newer = ran(source)
    assert (newer.full, newer.rows, newer.new, newer.same, newer.gone) == (False, 2, 1, 1, 0)
    source.refresh_from_db()
    assert ran(source, full=True).gone == 1


def test_the_page_of_a_run_that_asks_offers_both_ways(steward):
    many = [[str(n), f"이름{n}", "", "", ""] for n in range(40)]
    put("people.csv", [HEADINGS, *many])
    source = a_source()
    ran(source)
    put("people.csv", [HEADINGS, *many[:10]])
    run = ran(source)
    page = steward.get(reverse("sources:source", args=[source.pk])).content.decode()
    assert reverse("sources:allow", args=[source.pk, run.pk]) in page
    assert reverse("sources:stop", args=[source.pk, run.pk]) in page
    steward.post(reverse("sources:stop", args=[source.pk, run.pk]))
    run.refresh_from_db()
    assert run.state == "stopped" and run.gone == 0


def test_the_database_says_the_state_that_the_page_shows(steward, django_user_model):
    put("people.csv", [HEADINGS, *PEOPLE], folder="state")
    reach = {"folder": "state"}
    fine, asks, failed = (a_source(code=code, reach=reach) for code in ("fine", "asks", "failed"))
    for one in (fine, asks, failed):
        ran(one)
    put("people.csv", [row[:3] for row in (HEADINGS, *PEOPLE)], folder="state")
    ran(asks)
    (Path(settings.INBOX) / "state" / "people.csv").unlink()
    ran(failed)
    Source.objects.filter(code="fine").update(paused_at=timezone.now())
    user = django_user_model.objects.get(pk=steward.session["_auth_user_id"])
    rows = sources_with_standing(user)
    assert {s.code: s.standing for s in rows} == {"fine": "paused", "asks": "asks", "failed": "failed"}  # fmt: skip
    for s in rows:
        page = steward.get(reverse("sources:source", args=[s.pk])).content.decode()
        assert str(STATES[s.standing][0]) in page
    page = steward.get(reverse("sources:list") + "?state=failed").content.decode()
    rows_shown = page[page.index("<tbody") : page.index("</tbody>")]
    assert "failed" in rows_shown and "asks" not in rows_shown


@pytest.mark.parametrize("who", ["sue", "ada", "grace", "mark", "pia"])
def test_others_see_no_sources(client, world, who):
    client.force_login(getattr(world, who))
    assert client.get(reverse("sources:list")).status_code == 403
    assert client.get(reverse("sources:new")).status_code == 403
    assert client.get(reverse("sources:subscribers")).status_code == 403


def test_a_source_that_was_never_read_is_removed_and_one_that_was_is_not(steward):
    put("people.csv", [HEADINGS, *PEOPLE])
    read, mistaken = a_source(code="read"), a_source(code="mistaken")
    ran(read)
    assert steward.post(reverse("sources:remove", args=[mistaken.pk])).url == reverse(
        "sources:list"
    )
    steward.post(reverse("sources:remove", args=[read.pk]))
    assert list(Source.objects.values_list("code", flat=True)) == ["read"]


def test_what_is_read_is_not_changed_while_it_is_read(steward):
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    start_run(source, by=None, now=False)
    changed = {k: v for k, v in source.mapping.items() if k != "email"}
    with pytest.raises(ValidationError, match="지금 읽는 중이에요"):
        set_mapping(source, changed, by=None)
    carry_on(Run.objects.get().pk)
    set_mapping(source, changed, by=None)
    assert ran(source).rows == 3, "the same file is read again under another mapping"


def test_dangols_own_tables_are_no_source(db):
    own = connection.get_connection_params()
    reach = {"socket": own["host"], "user": own["user"], "database": own["dbname"]}
    opened = connector("postgresql", reach, "")
    for look in (opened.places, lambda: opened.columns("core_user")):
        with pytest.raises(Unusable):
            look()
    opened.close()


def test_a_source_is_not_up_to_date_while_its_records_wait_to_be_matched(steward):
    put("people.csv", [HEADINGS, *PEOPLE])
    source = a_source()
    ran(source)
    listed = steward.get(reverse("sources:list")).content.decode()
    assert "통합 대기" in listed and "최신" not in listed[listed.index("<tbody") :]
    assert (
        steward.get(reverse("sources:list"), {"state": "unmatched"}).content.decode().count("shop")
        > 0
    )
    page = steward.get(reverse("sources:source", args=[source.pk])).content.decode()
    assert "3건" in page and reverse("matching:runs") in page and "every 5s" in page
    SourceRecord.objects.update(unread=False)
    listed = steward.get(reverse("sources:list")).content.decode()
    assert "최신" in listed[listed.index("<tbody") :]
    page = steward.get(reverse("sources:source", args=[source.pk])).content.decode()
    assert "every 5s" not in page
