"""The explorer's page: what is asked is shown, refused or led on."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO

import openpyxl
import pytest
from django.utils import timezone

from dangol.core.models import AccessEntry
from dangol.cubes.asking.periods import OFFERED
from dangol.cubes.subjects.catalogue import SUBJECTS
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import BAD, GOOD, completed
from dangol.warehouse.actions import copy_changes


@pytest.fixture
def answered(world, lake_folder):

    surveys, now = make_default_surveys(), timezone.now()
    completed(surveys["sales"], world.place("GANGNAM"), GOOD, at=now)
    completed(surveys["sales"], world.place("MAPO"), BAD, at=now)
    service = dict.fromkeys(("booking", "explanation", "time_kept", "repair", "overall"), 3)
    completed(surveys["service"], world.place("HAEUNDAE"), service, at=now)
    copy_changes()


def test_the_first_page_shows_regions(world, answered, client, django_assert_max_num_queries):
    client.force_login(world.alan)
    with django_assert_max_num_queries(12):
        page = client.get("/cubes/").content.decode()
    assert "서울지역" in page and "부산지역" in page and "55.0" in page
    assert "compare=previous" in page


def test_every_subject_opens_for_every_offered_period(world, answered, client):
    client.force_login(world.alan)
    for subject in SUBJECTS:
        for period in (*OFFERED, "..2026-11-30", "2026-11-01.."):
            answer = client.get(f"/cubes/?subject={subject}&period={period}")
            assert answer.status_code == 200, (subject, period)
            assert "notice-bad" not in answer.content.decode(), (subject, period)


def test_before_the_first_copy_it_says_so(world, lake_folder, client):
    client.force_login(world.alan)
    answer = client.get("/cubes/")
    assert answer.status_code == 200 and "cube-table" not in answer.content.decode()


def test_an_empty_company_has_no_figures_and_no_errors(world, lake_folder, client):
    copy_changes()
    client.force_login(world.alan)
    for subject in SUBJECTS:
        page = client.get(f"/cubes/?subject={subject}")
        assert page.status_code == 200 and "cube-table" not in page.content.decode(), subject
    assert client.get("/cubes/behind/").status_code == 200
    assert client.get("/cubes/file/").status_code == 200


def test_an_agent_is_refused(world, answered, client):
    client.force_login(world.ada)
    for address in ("/cubes/", "/cubes/behind/", "/cubes/file/", "/cubes/views/"):
        assert client.get(address).status_code == 403


def test_a_region_sees_its_own_figures_and_no_others(world, answered, client):
    client.force_login(world.rex)
    page = client.get("/cubes/?subject=satisfaction&rows=site&measures=index").content.decode()
    assert "강남지점" in page and "마포지점" in page and "해운대" not in page
    forced = client.get("/cubes/?rows=site&measures=index&f.site=HAEUNDAE").content.decode()
    assert "cube-table" not in forced


def test_a_wrong_question_is_told_and_nothing_breaks(world, answered, client):
    client.force_login(world.alan)
    for address in (
        "subject=nothing", "rows=nothing", "measures=nothing", "period=nothing", "look=nothing",
        "period=2026-02-31..2026-03-01", "rows=holder&subject=satisfaction", "f.nothing=1",
        "formulas=x%3D%28index", "formulas=index**2", "extras=nothing", "compare=year&period=all",
        "subject=cases&rows=holder&measures=opened", "rows=" + ",".join(["site", "region", "unit", "company", "day"]),
    ):  # fmt: skip
        answer = client.get(f"/cubes/?{address}")
        assert answer.status_code == 200, address
        assert "notice-bad" in answer.content.decode(), address


def test_behind_a_figure_stand_its_answers_lowest_first(world, answered, client):
    client.force_login(world.alan)
    page = client.get("/cubes/behind/?subject=satisfaction&rows=&measures=index").content.decode()
    assert page.index("마포지점") < page.index("해운대") < page.index("강남지점")
    assert "홍*동" in page and "홍길동" not in page
    assert len(AccessEntry.objects.get(by=world.alan).subjects) == 3


def test_a_wrong_formula_takes_only_itself_away(world, answered, client):
    client.force_login(world.alan)
    page = client.get(
        "/cubes/?subject=satisfaction&rows=site&measures=answers&period=12m&formulas=x%3Dzzz"
    ).content.decode()
    assert "notice-bad" in page
    assert "강남지점" in page and "rows=site" in page and "period=12m" in page


def test_a_wrong_formula_stays_as_it_was_typed_beside_the_right_one(world, answered, client):
    client.force_login(world.alan)
    page = client.get("/cubes/", {
        "subject": "satisfaction", "rows": "site", "measures": "answers",
        "formula_name": ["두 배", "틀림"], "formula_text": ["응답 × 2", "응답 ÷ 없는 것"],
    }).content.decode()  # fmt: skip
    assert 'value="응답 ÷ 없는 것"' in page and 'value="두 배"' in page
    assert "“없는 것”" in page and 'aria-invalid="true"' in page
    assert page.count(">두 배<") > 0, "the right one is worked out"


@pytest.mark.parametrize("name", ["index", "만족도 지수", "Index", "MINE"])
def test_a_formula_has_a_name_of_its_own(world, answered, client, name):
    client.force_login(world.alan)
    page = client.get("/cubes/", {
        "subject": "satisfaction", "rows": "site", "measures": "answers",
        "formulas": ["mine=answers * 2", f"{name}=answers * 3"],
    }).content.decode()  # fmt: skip
    assert f"“{name}”" in page and "다른 이름" in page


def test_each_figure_leads_to_the_facts_that_make_it(world, answered, client):
    client.force_login(world.alan)
    page = client.get("/cubes/?subject=satisfaction&rows=&measures=answers,low_share").content
    links = re.findall(r"/cubes/behind/[^\"]*measures=(\w+)", page.decode())
    assert set(links) == {"answers", "low_share"}
    low = client.get("/cubes/behind/?subject=satisfaction&rows=&measures=low_share")
    shown = low.content.decode()
    assert "마포지점" in shown and "강남지점" not in shown
    for subject in SUBJECTS.values():
        for measure in subject.measures:
            address = f"/cubes/behind/?subject={subject.name}&rows=&measures={measure.name}"
            assert client.get(address).status_code == 200, address


def test_behind_the_figure_of_another_branch_is_nothing(world, answered, client):
    client.force_login(world.grace)
    page = client.get("/cubes/behind/?subject=satisfaction&rows=&measures=index").content.decode()
    assert "강남지점" in page and "마포지점" not in page
    forced = client.get("/cubes/behind/?rows=&measures=index&f.site=MAPO").content.decode()
    assert "마포지점" not in forced.partition("<table")[2]


def test_a_marketer_sees_figures_but_not_who_answered(world, answered, client):
    client.force_login(world.mark)
    page = client.get("/cubes/behind/?subject=satisfaction&rows=&measures=index").content.decode()
    assert "<table" not in page and "홍*동" not in page
    assert not AccessEntry.objects.filter(by=world.mark).exists()


def test_a_file_holds_numbers_and_what_they_mean(world, answered, client):
    client.force_login(world.alan)
    answer = client.get("/cubes/file/?rows=site&measures=index,answers&formulas=%2Bcmd%3Dindex*2")
    book = openpyxl.load_workbook(BytesIO(answer.content))
    figures, meanings = book.worksheets
    rows = {row[0].value: [c.value for c in row[1:3]] for row in figures.iter_rows(min_row=2)}
    assert rows["강남지점"] == [92.5, 1]
    assert figures.cell(1, 4).value == "'+cmd", "no text becomes a formula"
    assert rows[figures.cell(figures.max_row, 1).value][1] == 3
    assert "answers" in {row[5].value for row in meanings.iter_rows(min_row=7)}


def test_members_to_choose_from_are_those_that_occur_in_scope(world, answered, client):
    client.force_login(world.rex)
    page = client.get("/cubes/choices/?subject=satisfaction&dimension=site").content.decode()
    assert "강남지점" in page and "해운대" not in page


def test_a_view_is_kept_shared_and_ended(world, answered, client):
    client.force_login(world.alan)
    kept = {"name": "지역별", "address": "subject=sales&rows=region", "sharing": "roles", "roles": ["site_manager"]}  # fmt: skip
    made = client.post("/cubes/views/new/", kept)
    link = made.headers["Location"]
    client.force_login(world.rex)
    assert "subject=sales" in client.get(link).headers["Location"]
    assert client.post(f"{link}ending/").status_code == 404
    client.force_login(world.mark)
    assert client.get(link).status_code == 404
    client.force_login(world.alan)
    client.post(f"{link}ending/")
    assert client.get(link).status_code == 404


def test_a_question_that_says_nothing_is_not_kept(world, answered, client):
    client.force_login(world.alan)
    answer = client.post("/cubes/views/new/", {"name": "x", "address": "subject=nothing"})
    assert answer.status_code == 422
    assert "x" not in client.get("/cubes/views/").content.decode().partition("<tbody")[2]


def test_rows_of_few_answers_say_so_and_can_be_hidden(client, world, lake_folder):
    surveys, now = make_default_surveys(), timezone.now()
    for place, n in (("GANGNAM", 10), ("MAPO", 2)):
        for _n in range(n):
            completed(surveys["sales"], world.place(place), GOOD, at=now)
    copy_changes()
    client.force_login(world.alan)
    address = "/cubes/?subject=satisfaction&rows=site&measures=index,answers&period=7d"
    page = client.get(address).content.decode()
    few = page.partition("마포지점</a>")[2].partition("</tr>")[0]
    assert 'class="number few"' in few and ">n 2</small>" in few
    assert "few" not in page.partition("강남지점</a>")[2].partition("</tr>")[0]
    assert "1행은 10건 미만" in page
    page = client.get(address + "&extras=enough").content.decode()
    assert "마포지점" not in page.partition("<tbody>")[2] and "1행을 숨겼어요" in page
    assert ">12</a>" in page.partition("<tfoot>")[2], "the total counts them still"
    page = client.get(address + "&extras=enough&f.site=MAPO").content.decode()
    assert "1행을 숨겼어요" in page and "이 기간에는 수치가 없어요" not in page


def test_the_last_step_down_leads_across_to_those_beside_it(client, world, lake_folder):
    surveys, now = make_default_surveys(), timezone.now()
    for place in ("GANGNAM", "MAPO", "HAEUNDAE"):
        completed(surveys["sales"], world.place(place), GOOD, at=now)
    copy_changes()
    client.force_login(world.alan)
    address = (
        "subject=satisfaction&rows=process&measures=index&period=7d&f.region=SEOUL&f.site=GANGNAM"
    )
    page = client.get(f"/cubes/?{address}").content.decode()
    assert "dimension=site&amp;across=1" in page
    others = client.get(f"/cubes/choices/?{address}&dimension=site&across=1").content.decode()
    assert "f.region=SEOUL&amp;f.site=MAPO" in others and "해운대" not in others
    assert others.count("aria-current") == 1 and "강남지점" in others
    client.force_login(world.grace)
    assert (
        "마포"
        not in client.get(f"/cubes/choices/?{address}&dimension=site&across=1").content.decode()
    )


def test_a_change_says_whether_it_was_tested_and_few_are_never_sure(client, world, lake_folder):
    survey, now = make_default_surveys()["sales"], timezone.now()
    for code, old, new, times in (
        ("GANGNAM", GOOD, BAD, 14),
        ("MAPO", BAD, GOOD, 14),
        ("HAEUNDAE", BAD, GOOD, 3),
    ):
        for _n in range(times):
            completed(survey, world.place(code), old, at=now - dt.timedelta(days=40))
            completed(survey, world.place(code), new, at=now)
    copy_changes()
    client.force_login(world.alan)
    asked = "subject=satisfaction&rows=site&measures=index&period=30d&compare=previous&sort=index~"
    page = client.get(f"/cubes/?{asked}&formulas=Twice=index*2")
    names = [line["members"][0]["label"] for line in page.context["lines"]]
    cells = {line["members"][0]["label"]: line["totals"] for line in page.context["lines"]}
    fell, few, rose = ("강남지점", "해운대서비스센터", "마포지점")
    assert names == [fell, few, rose]
    assert [cells[name][0]["change"]["sign"] for name in names] == ["▼", "△", "▲"]
    assert [cells[name][1]["change"]["sign"] for name in names] == ["−", "+", "+"]
