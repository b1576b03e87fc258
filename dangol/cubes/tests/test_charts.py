"""Charts say what they leave out, and in what they count; maps draw places where they lie."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest
from django.utils import timezone

from dangol.cubes.chance.cells import chance, counts, fisher, shares
from dangol.cubes.explorer import maps
from dangol.cubes.explorer.charts import MOST_LINES
from dangol.places.actions import open_place
from dangol.places.models import Place
from dangol.surveys.actions import make_default_surveys
from dangol.surveys.tests.factories import BAD, GOOD, completed
from dangol.warehouse.actions import copy_changes
from tests.lake.factories import a_customer, a_sale


@pytest.fixture
def many(world, lake_folder):
    """Twelve sites more; the n-th sold n times in each of two months."""
    region, now = world.place("SEOUL"), timezone.now()
    for n in range(1, 13):
        site = open_place(
            parent=region, kind="site", site_kind="sales_office", code=f"S{n:02}", name=f"지점{n:02}",
            latitude=37 + n / 10, longitude=127 - n / 10, by=None,
        )  # fmt: skip
        for month in (0, 40):
            for _n in range(n):
                a_sale(a_customer(), 100, place=site, at=now - dt.timedelta(days=month))
    copy_changes()


def specs(client, address):
    page = client.get(f"/cubes/?subject=sales&{address}").content.decode()
    found = re.findall(r'<script id="cube-chart-\d+" type="application/json">(.*?)</script>', page)
    return [json.loads(one) for one in found], page


def test_of_many_lines_the_largest_are_drawn_and_it_says_so(world, many, client):
    client.force_login(world.alan)
    (spec,), page = specs(
        client, "rows=site&columns=month&measures=transactions&look=line&period=6m"
    )
    assert [one["name"] for one in spec["series"]] == [f"지점{n:02}" for n in range(5, 13)]
    assert f"12개 중 큰 순으로 {MOST_LINES}개" in page
    (spec,), page = specs(client, "rows=site&columns=month&measures=transactions&look=line&period=6m&sort=transactions")  # fmt: skip
    assert [one["name"] for one in spec["series"]] == [f"지점{n:02}" for n in range(1, 9)]
    assert f"12개 중 표 순서로 앞 {MOST_LINES}개" in page
    (_spec,), page = specs(client, "rows=site&measures=transactions&look=bar&period=6m")
    assert "개 중" not in page, "where all find room nothing is said"


def test_shares_say_per_cent_and_minutes_say_so_in_the_head(world, many, client):
    client.force_login(world.alan)
    (spec, *_), page = specs(client, "rows=month&measures=transactions&look=line&period=6m")
    assert spec["unit"] == ""
    page = client.get("/cubes/?subject=repurchase&rows=site&measures=repurchase_share,gap_mean&period=6m&look=bar").content.decode()  # fmt: skip
    assert "0.0%" in page and "구매 간격 (일)" in page
    spec = json.loads(re.search(r'"cube-chart-0" type="application/json">(.*?)</script>', page)[1])
    assert spec["unit"] == "%"


def test_places_lie_on_the_map_where_they_are(world, many, client):
    client.force_login(world.alan)
    address = "rows=site&measures=transactions&look=map&period=6m"
    (spec,), page = specs(client, address)
    assert spec["kind"] == "map" and len(spec["points"]) == 12
    last = spec["points"][-1]
    assert (last["name"], last["value"], last["weight"]) == ("지점12", 24.0, 24.0)
    assert last["at"] == [pytest.approx(125.8), pytest.approx(38.2)]
    assert "f.site=S12" in last["link"]
    (region,), _page = specs(client, address.replace("rows=site", "rows=region"))
    assert region["points"][0]["at"] == [pytest.approx(126.35), pytest.approx(37.65)]
    Place.objects.filter(code="S12").update(latitude=None)
    (spec,), page = specs(client, address)
    assert len(spec["points"]) == 11 and "1곳은 뺐어요" in page


def test_a_map_without_places_says_why_and_offers_them(world, many, client):
    client.force_login(world.alan)
    for name in ("look", "view"):
        charts_, page = specs(client, f"rows=month&measures=transactions&period=6m&{name}=map")
        assert charts_ == [] and "지도는 행에 조직이 있어야 그려요. 지금 행: 월." in page
        offered = re.search(r'href="([^"]+)"[^>]*>행을 사업장별로<', page)
        assert offered and "look=map" in offered[1] and "rows=site%2Cmonth" in offered[1]
    (spec,), page = specs(client, offered[1].split("?", 1)[1].replace("&amp;", "&"))
    assert spec["kind"] == "map" and "지도는 행에" not in page


def test_small_multiples_without_columns_say_what_is_missing(world, many, client):
    client.force_login(world.alan)
    charts_, page = specs(client, "rows=site&measures=transactions&look=multiples&period=6m")
    assert charts_ == [] and "열이 있어야 그려요" in page and "columns=month" in page


def test_money_is_short_in_a_cell_and_whole_on_its_title(world, lake_folder, client):
    client.force_login(world.alan)
    a_sale(a_customer(), 45_460_000, place=world.place("GANGNAM"), at=timezone.now())
    copy_changes()
    _charts, page = specs(client, "rows=site&measures=amount&period=7d")
    assert 'title="₩45,460,000">4,546만 원</a>' in page


def test_bars_and_lines_show_the_compared_period_beside_each(world, many, client):
    client.force_login(world.alan)
    asked = "measures=transactions&period=30d&compare=previous&f.site=S11&f.site=S12"
    (spec,), page = specs(client, f"rows=site&columns=week&look=line&{asked}")
    names = [one["name"] for one in spec["series"]]
    assert names == ["지점11 · 이전", "지점11", "지점12 · 이전", "지점12"] and "점선: 이전" in page
    assert [(one["role"], one["of"]) for one in spec["series"][::2]] == [
        ("earlier", 0),
        ("earlier", 1),
    ]
    assert sum(v or 0 for v in spec["series"][2]["data"]) == 12
    (spec,), page = specs(client, f"rows=kind&columns=site&look=bar&{asked}")
    assert [one["name"] for one in spec["series"]] == names and "연하게: 이전" in page
    (spec,), _page = specs(
        client, f"rows=kind&columns=site&look=bar&{asked.replace('previous', '')}"
    )
    assert [one["name"] for one in spec["series"]] == ["지점11", "지점12"]


def test_coasts_lie_around_the_places_and_their_source_is_named(world, many, client, monkeypatch):
    client.force_login(world.alan)
    address = "rows=site&measures=transactions&look=map&period=6m"
    (spec,), page = specs(client, address)
    west, east = 125.8 - 1.1, 126.9 + 1.1
    spots = [spot for line in spec["outlines"] for spot in line]
    assert sum(west < x < east for x, _y in spots) > 100, "the west coast of Korea"
    assert len(page) < 400_000 and "Natural Earth" in page


def test_a_geography_lends_its_borders(world, many, client, monkeypatch):
    monkeypatch.setattr(maps, "OUTLINES", [])
    maps.lend_outlines(lambda: [[(126.0, 34.0), (126.5, 34.5)]])
    client.force_login(world.alan)
    (spec,), _page = specs(client, "rows=site&measures=transactions&look=map&period=6m")
    assert spec["outlines"] == [[[126.0, 34.0], [126.5, 34.5]]]


def test_a_fall_of_a_few_answers_stands_after_one_of_many(world, lake_folder, client):
    surveys, now = make_default_surveys(), timezone.now()

    def answered(place, when, answers, n):  # noqa: E306
        for _n in range(n):
            completed(
                surveys["sales"], world.place(place), answers, at=now - dt.timedelta(days=when)
            )

    answered("GANGNAM", 40, GOOD, 12)
    answered("GANGNAM", 1, BAD, 8)
    answered("GANGNAM", 1, GOOD, 8)
    answered("MAPO", 40, GOOD, 1)
    answered("MAPO", 1, BAD, 1)
    copy_changes()
    client.force_login(world.alan)
    page = client.get("/cubes/?rows=site&measures=index&period=30d&compare=previous&sort=index~").content.decode()  # fmt: skip
    body = page.partition("<tbody>")[2]
    assert body.index("강남지점") < body.index("마포지점")
    assert 'cube-change bad"' in body.partition("마포지점")[0]
    assert "chance" in body.partition("마포지점")[2].partition("<tfoot")[0]


def test_quick_tests_agree_with_the_library():
    from scipy import stats

    for table in ((3, 10, 8, 12), (0, 5, 9, 400), (1, 3, 2, 4), (7, 7, 1, 9)):
        a, n, b, m = table
        assert fisher(*table) == pytest.approx(stats.fisher_exact([[a, n - a], [b, m - b]]).pvalue)
    assert shares(50, 100, 40, 100) == pytest.approx(2 * stats.norm.sf(10 / 200 / 0.0703562364 * 2), rel=1e-3)  # fmt: skip
    assert counts(3, 10, 0.5) == pytest.approx(stats.binomtest(3, 13, 0.5).pvalue)
    assert counts(0, 0, 0.5) == shares(0, 0, 1, 2) == 1.0
    scores, earlier = [80_000, 70_000, 95_000, 60_000], [90_000, 91_000, 88_000]
    parts = [[len(s), sum(s), sum(x * x for x in s)] for s in (scores, earlier)]
    assert chance("welch", *parts) == pytest.approx(stats.ttest_ind(scores, earlier, equal_var=False).pvalue)  # fmt: skip
    assert chance("welch", [1, 100_000, 10**10], parts[1]) == 1.0
