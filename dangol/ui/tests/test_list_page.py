from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dangol.ui.models import SavedView

pytestmark = [pytest.mark.django_db, pytest.mark.urls("dangol.ui.tests.urls")]
HTMX = {"HX-Request": "true", "HX-Target": "div#list"}


@pytest.fixture
def views(owner, outsider):
    now = timezone.now()
    SavedView.objects.bulk_create(
        SavedView(
            user=owner,
            list_key="cases" if n % 2 else "customers",
            name=f"보기 {n:03}",
            shared=n % 10 == 0,
            created_at=now - timedelta(days=n),
        )
        for n in range(120)
    )
    SavedView.objects.create(user=outsider, list_key="cases", name="남의 보기")


def names(response):
    return [str(line["cells"][0][1]) for line in response.context["lines"]]


def test_the_first_page_is_full_and_leads_to_the_rest(signed_in, views):
    seen, url = [], "/views/"
    while url:
        response = signed_in.get(url)
        seen += names(response)
        url = response.context["more_url"] and "/views/" + response.context["more_url"]
    assert seen == [f"보기 {n:03}" for n in range(120)]


def test_what_others_keep_is_not_shown(signed_in, views):
    assert "남의 보기" not in signed_in.get("/views/?q=남의").content.decode()


def test_filters_narrow_and_read_as_a_sentence(signed_in, views):
    response = signed_in.get("/views/?shared=1&created_at=30d&order=name&nonsense=1&q=")
    assert names(response) == ["보기 000", "보기 010", "보기 020"]
    on = [chip.sentence for chip in response.context["state"].chips if chip.on]
    assert on == ["공유함", "만든 때 최근 30일"]
    assert response.context["state"].address == "shared=1&created_at=30d&order=name"


def test_an_htmx_request_gets_the_list_alone_and_its_address(signed_in, views):
    response = signed_in.get("/views/?q=보기+01&order=-created_at", headers=HTMX)
    assert b"<html" not in response.content
    assert response.content.strip().startswith(b'<div class="list" id="list"')
    assert response.headers["HX-Push-Url"] == "/views/?q=%EB%B3%B4%EA%B8%B0+01"


def test_more_brings_rows_only(signed_in, views):
    more = signed_in.get("/views/").context["more_url"]
    response = signed_in.get("/views/" + more, headers={"HX-Request": "true"})
    assert response.content.strip().startswith(b"<tr")


@pytest.mark.parametrize(
    "query", ["after=x", "order=user__password", "created_at_from=zzz", "cols=zz"]
)
def test_an_address_that_makes_no_sense_still_shows_the_list(signed_in, views, query):
    assert signed_in.get(f"/views/?{query}", follow=True).status_code == 200


def test_a_page_asks_the_database_at_most_four_times(signed_in, views):
    signed_in.get("/views/")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        signed_in.get("/views/?shared=0&q=보기")
    ours = [q["sql"] for q in asked if "saved" in q["sql"].lower()]
    assert len(ours) <= 4


def test_the_count_stops_at_ten_thousand(owner, monkeypatch):
    from dangol.ui.lists.counting import count_up_to

    SavedView.objects.bulk_create(
        SavedView(user=owner, list_key="k", name=str(n)) for n in range(12)
    )
    assert str(count_up_to(SavedView.objects.all(), 10)) == "10+"
    assert str(count_up_to(SavedView.objects.all(), 12)) == "12"


def test_the_file_holds_what_the_filters_find(signed_in, views):
    response = signed_in.get("/views/?shared=1&export=csv")
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 13
    assert "attachment" in response.headers["Content-Disposition"]


def test_a_bulk_action_reaches_everything_that_the_filters_find_and_nothing_else(signed_in, views):
    signed_in.post("/views/removal/", {"everything": "1", "query": "shared=1"})
    assert SavedView.objects.count() == 109
    theirs = SavedView.objects.get(name="남의 보기")
    signed_in.post("/views/removal/", {"pick": [str(theirs.pk)]})
    assert SavedView.objects.filter(pk=theirs.pk).exists()


def test_a_bulk_action_leaves_out_what_is_no_key(signed_in, views):
    before = SavedView.objects.count()
    answer = signed_in.post("/views/removal/", {"pick": ["garbage", "", "1"]})
    assert answer.status_code == 302
    assert SavedView.objects.count() == before


def test_saving_a_view_twice_keeps_one(signed_in, owner):
    for query in ("tier=g", "tier=s"):
        sent = {"list_key": "customers", "name": "골드", "query": query, "path": "/customers/"}
        response = signed_in.post("/views/new/", sent)
    assert response.url == "/customers/?tier=s"
    assert SavedView.objects.get().query == "tier=s"


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example/", "javascript:x"])
def test_saving_a_view_leads_nowhere_else(signed_in, path):
    response = signed_in.post("/views/new/", {"list_key": "k", "name": "n", "path": path})
    assert response.url.startswith("/?")


def test_an_outsider_cannot_remove_a_view(signed_in, outsider):
    view = SavedView.objects.create(user=outsider, list_key="k", name="n", shared=True)
    assert signed_in.post(f"/views/{view.pk}/removal/", {"path": "/"}).status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()
