import datetime as dt
import re

import pytest
from django.core.cache import caches
from django.utils import timezone

from dangol.board.duties import duties
from dangol.cases.models import Case
from dangol.cases.tests.factories import a_case
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import BAD, GOOD, completed


@pytest.fixture
def answered(world):
    caches["process"].clear()
    surveys, now = make_default_surveys(), timezone.now()
    completed(surveys["sales"], world.place("GANGNAM"), GOOD, at=now)
    completed(
        surveys["sales"],
        world.place("MAPO"),
        {**BAD, "why": "제 번호는 010-1234-5678입니다"},
        at=now,
    )
    completed(surveys["service"], world.place("HAEUNDAE"), dict.fromkeys(("booking", "explanation", "time_kept", "repair", "overall"), 3), at=now)  # fmt: skip
    yield
    caches["process"].clear()


def test_everybody_begins_at_the_own_board(world, answered, client):
    for person, code in (("grace", "GANGNAM"), ("rex", "SEOUL"), ("anna", "HQ")):
        client.force_login(getattr(world, person))
        assert client.get("/board/").headers["Location"] == f"/board/{world.place(code).pk}/"


def test_a_board_outside_the_scope_is_not_there(world, answered, client):
    client.force_login(world.grace)
    for code in ("MAPO", "SEOUL", "HQ", "HAEUNDAE"):
        for part in ("", "side/", "tables/", "wall/"):
            assert client.get(f"/board/{world.place(code).pk}/{part}").status_code == 404
    client.force_login(world.rex)
    assert client.get(f"/board/{world.place('MAPO').pk}/").status_code == 200
    assert client.get(f"/board/{world.place('SALES').pk}/").status_code == 404
    client.force_login(world.ada)
    assert client.get("/board/").status_code == 403


def test_a_site_sees_its_figures_and_leads_to_the_answers(
    world, answered, client, django_assert_max_num_queries
):
    client.force_login(world.grace)
    with django_assert_max_num_queries(12):
        page = client.get(f"/board/{world.place('GANGNAM').pk}/").content.decode()
    assert "92.5" in page and f"board:{world.place('GANGNAM').pk}" in page
    assert "/answers/?place=GANGNAM&amp;process=sales&amp;day_from=" in page


def test_what_to_do_today_stands_in_the_order_of_the_clocks_shown(world):
    site, now = world.place("GANGNAM"), timezone.now()
    cases = [a_case(world, now - dt.timedelta(hours=30 * n)) for n in range(10)]
    # Where the calendars differ, the wall clock may have it the other way round.
    for number, case in enumerate(cases):
        Case.objects.filter(pk=case.pk).update(due_at=now - dt.timedelta(hours=10 - number))
    told = duties(world.grace, site)["cases"]
    shown = [reading.seconds_left for _case, reading, _warn in told]
    assert shown == sorted(shown) and len(set(shown)) > 4
    assert [case.pk for case, _reading, _warn in told][0] == cases[-1].pk


def test_figures_lead_where_the_reader_may_go(world, answered, client):
    company = world.place("HQ")
    for person, way in (
        (world.alan, "/cubes/?subject=satisfaction"),
        (world.mark, "/cubes/?subject="),
    ):
        client.force_login(person)
        page = client.get(f"/board/{company.pk}/").content.decode().replace("&amp;", "&")
        assert way in page and "rows=region" in page
        figure = re.search(r'href="(/cubes/[^"]+)"', page)
        assert figure and client.get(figure[1]).status_code == 200
        tables = client.get(f"/board/{company.pk}/tables/").content.decode()
        assert ("/answers/" in tables) == person.can("answers.see")
        assert ("/answers/" in page) == person.can("answers.see")


def test_a_site_sees_what_its_index_is_made_of(world, answered, client):
    client.force_login(world.grace)
    page = client.get(f"/board/{world.place('GANGNAM').pk}/tables/").content.decode()
    assert "전반" in page and "100.0" in page and "50.0" in page and "+50.0" in page


def test_a_region_sees_its_sites_and_masked_voices(
    world, answered, client, django_assert_max_num_queries
):
    client.force_login(world.rex)
    with django_assert_max_num_queries(12):
        page = client.get(f"/board/{world.place('SEOUL').pk}/").content.decode()
    with django_assert_max_num_queries(12):
        page += client.get(f"/board/{world.place('SEOUL').pk}/tables/").content.decode()
    with django_assert_max_num_queries(12):
        client.get(f"/board/{world.place('SEOUL').pk}/wall/")
    assert "강남지점" in page and "마포지점" in page and "해운대" not in page
    assert "010-****-5678" in page and "홍*동" in page and "홍길동" not in page


def test_a_marketer_sees_figures_but_no_voices(world, answered, client):
    client.force_login(world.mark)
    page = client.get(f"/board/{world.place('HQ').pk}/").content.decode()
    assert "55.0" in page and "010-****-5678" not in page


def test_the_wall_shows_the_same(world, answered, client):
    client.force_login(world.grace)
    assert "92.5" in client.get(f"/board/{world.place('GANGNAM').pk}/wall/").content.decode()
