"""Pages and API of the matching: who may, what they see, and what old ids lead to."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from dangol.core.models import Event
from dangol.core.roles import Role
from dangol.customers.models import Customer, SourceRecord
from dangol.identity.merging.actions import merge_customers
from dangol.identity.models import Label, Merge, Question, Run, Split
from dangol.identity.pages.splitting import shown_as
from dangol.identity.stewarding import answering
from dangol.identity.tests.factories import a_pair, known
from dangol.places.actions import grant_role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def never_twice(monkeypatch):
    """The lot falls on nobody here."""
    monkeypatch.setattr(answering, "drawn_twice", lambda key: False)


def text(answer) -> str:
    return answer.content.decode()


def test_the_desk_shows_the_pair_with_letters_marked(client, world) -> None:
    a_pair(world.place("GANGNAM"))
    client.force_login(world.dana)
    page = text(client.get(reverse("matching:desk")))
    assert "<mark title=" in page and "ㅕ → ㅓ" in page and "waterfall" in page
    assert 'data-key="1"' in page and 'data-key="0"' in page


def test_an_answer_by_htmx_brings_the_next_pair_and_undo_the_last(client, world) -> None:
    first, second = a_pair(world.place("GANGNAM")), a_pair(world.place("GANGNAM"), name="이산")
    client.force_login(world.dana)
    answer = client.post(
        reverse("matching:answers", args=[first.pk]), {"answer": "same"}, headers={"HX-Request": "true"}
    )  # fmt: skip
    assert str(second.pk) in answer.headers["HX-Push-Url"]
    assert Merge.objects.count() == 1
    client.post(reverse("matching:undoing"), headers={"HX-Request": "true"})
    assert Merge.objects.get().undone_at and not Label.objects.exists()
    assert Question.objects.filter(settled="").count() == 2


def test_a_pair_far_down_the_queue_is_answered_too(client, world, monkeypatch) -> None:
    monkeypatch.setattr("dangol.identity.pages.desk.SHOWN", 1)
    pairs = [a_pair(world.place("GANGNAM"), name=name) for name in ("홍서언", "이산", "박하늘")]
    for gain, pair in enumerate(pairs):
        Question.objects.filter(pk=pair.pk).update(gain=3 - gain)
    client.force_login(world.dana)
    page = text(client.get(reverse("matching:question", args=[pairs[2].pk])))
    assert 'data-key="1"' in page and "disabled" not in page[page.index("steward-foot") :]


def test_a_blind_pair_shows_neither_weight_nor_customers(client, world) -> None:
    question = a_pair(world.place("GANGNAM"), why="audit")
    client.force_login(world.dana)
    page = text(client.get(reverse("matching:question", args=[question.pk])))
    assert "waterfall" not in page and str(question.a.customer_id) not in page
    told = client.get(f"/api/v1/matching/pairs/{question.pk}").json()
    assert told["weight"] is None and told["steps"] == [] == told["customers"]


def test_the_privacy_officer_sees_it_masked_and_decides_nothing(client, world) -> None:
    question = a_pair(world.place("GANGNAM"))
    client.force_login(world.pia)
    page = text(client.get(reverse("matching:question", args=[question.pk])))
    assert "홍*연" in page and "홍서연" not in page
    assert "4321-8765" not in page and "1988-03-14" not in page
    url = reverse("matching:answers", args=[question.pk])
    assert client.post(url, {"answer": "same"}).status_code == 403
    assert not Label.objects.exists() and not Merge.objects.exists()


def test_another_region_gets_404_and_moves_nothing(client, world) -> None:
    question = a_pair(world.place("GANGNAM"))
    merge = merge_customers(known(world.place("GANGNAM")), known(world.place("GANGNAM")), by=None)
    grant_role(world.nobody, Role.DATA_STEWARD, world.place("HAEUNDAE"), by=None)
    client.force_login(world.nobody)
    for name, key in (("answers", question.pk), ("merge_undoing", merge.pk)):
        assert client.post(reverse(f"matching:{name}", args=[key]), {"answer": "same"}).status_code == 404  # fmt: skip
    body = json.dumps(
        {"survivor": str(question.a.customer_id), "other": str(question.b.customer_id)}
    )
    answer = client.post("/api/v1/matching/merges", body, "application/json")
    assert answer.status_code in {403, 404}
    merge.refresh_from_db()
    assert merge.undone_at is None and Merge.objects.count() == 1


def test_merging_by_hand_shows_what_moves_and_an_old_id_leads_on(client, world) -> None:
    place = world.place("GANGNAM")
    a, b = known(place), known(place, name="홍서언")
    client.force_login(world.dana)
    url = reverse("matching:merge_new")
    page = text(client.get(f"{url}?a={a.pk}&b={b.pk}"))
    assert "홍서언" in page and Customer.objects.count() == 2
    answer = client.post(url, {"a": str(a.pk), "b": str(b.pk)})
    merge = Merge.objects.get()
    assert answer.url == reverse("matching:merge", args=[merge.pk])
    old = client.get(reverse("customers:customer", args=[b.pk]))
    assert old.url == reverse("customers:customer", args=[a.pk])
    assert client.get(f"/api/v1/customers/{b.pk}").json()["id"] == str(a.pk)
    assert client.get(reverse("matching:golden", args=[b.pk])).status_code == 200
    client.post(reverse("matching:merge_undoing", args=[merge.pk]))
    assert client.get(reverse("customers:customer", args=[b.pk])).status_code == 200
    assert Customer.objects.count() == 2


def test_a_merge_mails_nobody_and_enqueues_nothing(world, mailoutbox) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    from dangol.core.models import Notice

    place = world.place("GANGNAM")
    a, b = known(place), known(place)
    before = set(ProcrastinateJob.objects.values_list("task_name", flat=True))
    events, notices = Event.objects.count(), Notice.objects.count()
    merge_customers(a, b, by=world.dana)
    assert set(ProcrastinateJob.objects.values_list("task_name", flat=True)) == before
    assert not mailoutbox and Notice.objects.count() == notices
    names = set(Event.objects.order_by("-at").values_list("name", flat=True)[: Event.objects.count() - events])  # fmt: skip
    assert names <= {"identity.CustomersMerged", "customers.CustomerChanged"}


def test_an_import_by_an_old_source_key_reaches_the_survivor(world) -> None:
    from dangol.customers.models import SourceRecord

    a, b = known(world.place("GANGNAM")), known(world.place("GANGNAM"))
    key = b.source_key
    merge_customers(a, b, by=None)
    assert SourceRecord.objects.get(source="shop", key=key).customer_id == a.pk


def test_splitting_by_hand_and_back(client, world) -> None:
    place = world.place("GANGNAM")
    a, b = known(place), known(place, name="김도현", phone="010-7777-1111")
    merge_customers(a, b, by=None, decided=True)
    going = a.records.get(values__name="김도현")
    SourceRecord.objects.filter(pk=going.pk).update(id=1_020_224)
    going = SourceRecord.objects.get(pk=1_020_224)
    client.force_login(world.dana)
    url = reverse("matching:split_new", args=[a.pk])
    assert 'name="record" value="1020224"' in text(client.get(url)), "sent back as it is"
    assert "2" in text(client.get(url, {"record": going.pk}))
    shown = shown_as(list(a.records.all()), [going.pk])
    client.post(url, {"record": going.pk, "shown": shown, "sure": "1"})
    split = Split.objects.get()
    new = Customer.objects.get(pk=split.new_key)
    assert new.name == "김도현" and new.contact_points.get().value == "+821077771111"
    client.post(reverse("matching:split_undoing", args=[split.pk]))
    assert client.get(reverse("customers:customer", args=[new.pk])).url.endswith(f"{a.pk}/")


def test_the_api_answers_takes_back_splits_and_explains(client, world) -> None:
    question = a_pair(world.place("GANGNAM"))
    client.force_login(world.dana)
    base = f"/api/v1/matching/pairs/{question.pk}"
    assert {f["field"] for f in client.get(base).json()["fields"]} >= {"name", "phone"}
    sent = client.post(f"{base}/answers", json.dumps({"answer": "same"}), "application/json")
    assert sent.status_code == 201 and sent.json()["answer"] == "same"
    again = client.post(f"{base}/answers", json.dumps({"answer": "same"}), "application/json")
    assert again.status_code == 409
    golden = client.get(f"/api/v1/matching/customers/{question.a.customer_id}/golden").json()
    name = next(line for line in golden if line["field"] == "name")
    assert name["value"] in {"홍서연", "홍서언"} and len(name["losers"]) == 1
    assert client.delete(f"{base}/answers").status_code == 200
    assert Customer.objects.count() == 2
    assert client.post("/api/v1/matching/runs").status_code == 202
    assert client.get("/api/v1/matching/runs").json()["items"][0]["kind"] == "full"
    Run.objects.create(kind="full", counts={"records": 3, "scored_seconds": 4.5})
    newest = client.get("/api/v1/matching/runs").json()["items"][0]
    assert newest["counts"] == {"records": 3, "scored_seconds": 4.5}
    assert client.get("/api/v1/matching/models").json()["items"] == []


def test_a_customers_page_says_who_may_be_the_same(client, world) -> None:
    question = a_pair(world.place("GANGNAM"))
    mine, other = question.a.customer, question.b.customer
    client.force_login(world.dana)
    page = client.get(f"/matching/customers/{mine.pk}/golden/").content.decode()
    assert f"/matching/questions/{question.pk}/" in page
    Question.objects.update(why="audit")  # who is drawn by lot is looked at without a hint
    page = client.get(f"/matching/customers/{other.pk}/golden/").content.decode()
    assert f"/matching/questions/{question.pk}/" not in page


def test_the_word_after_an_answer_says_of_whom(client, world) -> None:
    pair = a_pair(world.place("GANGNAM"))
    client.force_login(world.dana)
    answer = client.post(
        reverse("matching:answers", args=[pair.pk]), {"answer": "same"}, headers={"HX-Request": "true"}
    )  # fmt: skip
    told = json.loads(answer.headers["HX-Trigger"])["dangol:toast"]["text"]
    assert told == "같은 사람: 홍서연 · 홍서언"
    back = client.post(reverse("matching:undoing"), headers={"HX-Request": "true"})
    assert "홍서연 · 홍서언" in json.loads(back.headers["HX-Trigger"])["dangol:toast"]["text"]
