"""What a person can do on the steward's pages, a program can do: the same actions, the same scope."""

from __future__ import annotations

import pytest

from dangol.customers.actions import add_customer
from dangol.customers.models import Customer, SourceRecord
from dangol.identity import jobs, learning
from dangol.identity.matching.outcomes import Thresholds
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.models import Audit, Label, Merge, Model, Question, Run, Split
from dangol.identity.tests.factories import HONG, a_merge, a_pair, a_split, known, record

pytestmark = pytest.mark.django_db
HERE = "/api/v1/matching"


@pytest.fixture
def steward(client, world):  # type: ignore[no-untyped-def]
    """A program of the data steward."""
    client.force_login(world.dana)
    return client


def test_the_queue_comes_by_gain_and_page_by_page(steward, world) -> None:
    gains = [0.2, 0.9, 0.5]
    for gain in gains:
        Question.objects.filter(pk=a_pair(world.place("GANGNAM")).pk).update(gain=gain)
    first = steward.get(f"{HERE}/queue?limit=2").json()
    rest = steward.get(f"{HERE}/queue", {"limit": 2, "after": first["next"]}).json()
    keys = [row["id"] for row in first["items"] + rest["items"]]
    assert keys == [str(q.pk) for q in Question.objects.order_by("-gain")] and rest["next"] == ""
    assert steward.get(f"{HERE}/queue?after=nonsense").status_code == 400
    answer = steward.post(
        f"{HERE}/pairs/{keys[0]}/answers", {"answer": "apart"}, content_type="application/json"
    )
    assert answer.status_code == 201
    left = steward.get(f"{HERE}/queue").json()["items"]
    assert [row["id"] for row in left] == keys[1:]
    assert steward.delete(f"{HERE}/pairs/{keys[0]}/answers").status_code == 200
    assert not Label.objects.exists()


def test_a_sample_is_drawn_once_a_week_and_told_with_intervals(steward, world) -> None:
    assert steward.post(f"{HERE}/audits").status_code == 409  # no records yet
    record(**HONG)
    record("web", name="홍서연", phone="010-4321-8765", born_on="1988-03-14")
    from dangol.identity.actions import run_new

    run_new()
    assert steward.post(f"{HERE}/audits").status_code == 202
    assert steward.get(f"{HERE}/audits").json() == []  # a worker draws it
    assert jobs.draw_sample() == "drawn"
    [row] = steward.get(f"{HERE}/audits").json()
    assert row["drawn"] == 1 and row["precision"] is None
    assert steward.post(f"{HERE}/audits").status_code == 409
    drawn = Question.objects.get(why="audit")
    Question.objects.filter(pk=drawn.pk).update(settled="same")
    [row] = steward.get(f"{HERE}/audits").json()
    assert row["answered"] == 1 and row["precision"]["value"] == 1.0
    assert 0 < row["precision"]["low"] < row["precision"]["high"] == 1.0


def test_a_sample_of_people_and_organisations_is_drawn(steward, world) -> None:
    from dangol.identity.actions import run_new
    from dangol.identity.audits.outside import weighed
    from dangol.identity.learned import learned
    from dangol.identity.matching.comparing_companies import ORGANISATIONS
    from dangol.identity.tests.test_organisations import HANBIT, company

    record(**HONG)
    record("web", name="홍서연", phone="010-4321-8765", born_on="1988-03-14")
    one = company(**HANBIT)
    company("invoices", name="한빛건설 주식회사", registration="1248100998")
    for number in range(30):  # alike by tail and owner, yet compared by no rule
        name, phone = (
            f"{'가나다라마바사아자차'[number % 10]}상사{number}",
            f"02-{700 + number}-1000",
        )
        other = company("fleet", name=f"㈜{name}", phone=phone, owner="홍서연")
    while run_new()["records"]:
        pass
    assert steward.post(f"{HERE}/audits").status_code == 202
    jobs.draw_sample(str(world.dana.pk))
    strata = {part["key"]: part for part in Audit.objects.get().strata}
    assert strata["joined_3"]["drawn"] + strata["joined_2"]["drawn"] == 1
    assert any(part.get("weighed") for key, part in strata.items() if key.startswith("company_"))
    [pair] = weighed(learned("organisation"), [(one.pk, other.pk)])
    known = {comparison.key for comparison in ORGANISATIONS}
    assert pair.weighed.steps and {step.comparison for step in pair.weighed.steps} <= known


def test_the_same_merge_twice_answers_with_the_one_that_stands(steward, world) -> None:
    place = world.place("GANGNAM")
    body = {"survivor": str(known(place).pk), "other": str(known(place, name="홍서언").pk)}
    first, again = (
        steward.post(f"{HERE}/merges", body, content_type="application/json") for _n in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json() and Merge.objects.count() == 1
    itself = {"survivor": body["survivor"], "other": body["survivor"]}
    answer = steward.post(f"{HERE}/merges", itself, content_type="application/json")
    assert answer.status_code == 409
    assert steward.post(f"{HERE}/merges/{first.json()['id']}/undoing").status_code == 200
    answer = steward.post(f"{HERE}/merges", body, content_type="application/json")
    assert answer.status_code == 201 and Merge.objects.filter(undone_at=None).count() == 1


def test_thresholds_are_proposed_and_applied(steward, world, monkeypatch) -> None:
    told = steward.get(f"{HERE}/thresholds").json()
    assert (told["labels"], told["enough"]) == (0, False)
    assert steward.post(f"{HERE}/thresholds").status_code == 409
    assert not Model.objects.exists()
    found = learning.Proposal(
        60, 40, Thresholds(9.0, 1.0), Thresholds(8.0, 2.0), 0.0, 1.0, 0.9995, 0.998
    )
    monkeypatch.setattr(learning, "proposal", lambda kind: found)
    made = steward.post(f"{HERE}/thresholds")
    assert made.status_code == 201
    assert (made.json()["join_from"], made.json()["review_from"]) == (9.0, 1.0)
    version = made.json()["version"]
    assert steward.get(f"{HERE}/models/{version}").json()["labels"] == 60
    assert steward.get(f"{HERE}/models/{version + 1}").status_code == 404


def test_costs_are_counted_and_runs_followed(steward, world) -> None:
    record(**HONG)
    assert steward.get(f"{HERE}/costs").json() == []
    assert steward.post(f"{HERE}/costs").status_code == 202
    assert steward.get(f"{HERE}/costs").json() == []  # a worker counts them
    jobs.count_costs_now()
    counted = steward.get(f"{HERE}/costs").json()
    assert {"phone", "email"} <= {row["rule"] for row in counted}
    begun = steward.post(f"{HERE}/runs")
    assert begun.status_code == 202
    told = steward.get(f"{HERE}/runs/{begun.json()['id']}").json()
    assert (told["done"], told["ended_at"]) == (0, None)
    assert steward.post(f"{HERE}/runs").json()["id"] == told["id"] and Run.objects.count() == 1


def test_merges_and_splits_are_listed_shown_and_undone(steward, world) -> None:
    merge, split = a_merge(world.place("GANGNAM")), a_split(world.place("GANGNAM"))
    assert [m["id"] for m in steward.get(f"{HERE}/merges").json()["items"]] == [str(merge.pk)]
    assert steward.get(f"{HERE}/merges/{merge.pk}").json()["moved"]
    listed = steward.get(f"{HERE}/splits").json()["items"]
    assert [s["id"] for s in listed] == [str(split.pk)] and listed[0]["name"] == split.name
    assert steward.post(f"{HERE}/merges/{merge.pk}/undoing").status_code == 200
    assert steward.post(f"{HERE}/splits/{split.pk}/undoing").status_code == 200
    assert Merge.objects.get().undone_at and Split.objects.get().undone_at
    assert steward.post(f"{HERE}/splits/{split.pk}/undoing").status_code == 409


def test_a_split_stays_listed_when_its_customer_was_merged_away(steward, world) -> None:
    from dangol.customers.models import Customer
    from dangol.identity.merging.actions import merge_customers

    split = a_split(world.place("GANGNAM"))
    taken = Customer.objects.get(pk=split.customer_key)
    merge_customers(known(world.place("GANGNAM"), name="남"), taken, by=None)
    assert len(steward.get(f"{HERE}/splits").json()["items"]) == 1


def test_who_may_not_is_refused(client, world) -> None:
    merge, split = a_merge(world.place("HAEUNDAE")), a_split(world.place("HAEUNDAE"))
    client.force_login(world.grace)
    for address in ("queue", "audits", "agreement", "disputed", "thresholds", "costs", "truth", "splits"):  # fmt: skip
        assert client.get(f"{HERE}/{address}").status_code == 403, address
    for address in ("audits", "thresholds", "costs", "runs"):
        assert client.post(f"{HERE}/{address}").status_code == 403, address
    assert client.post(f"{HERE}/splits/{split.pk}/undoing").status_code == 403
    merge.refresh_from_db()
    assert merge.undone_at is None and SourceRecord.objects.exists()


def test_the_key_of_a_merged_customer_stays_taken(steward, world) -> None:
    stays = add_customer(name="홍서연", by=None, source="web", source_key="W1")
    goes = add_customer(name="홍서연", by=None, source="erp9", source_key="B3")
    merge = merge_customers(stays, goes, by=world.dana)
    body = {"name": "남남", "source": "erp9", "source_key": "B3", "even_if_known": True}
    told = steward.post("/api/v1/customers", body, content_type="application/json")
    assert (told.status_code, told.json()["known"]) == (409, [str(stays.pk)])
    assert not Customer.objects.filter(name="남남").exists()
    undo_merge(merge, by=world.dana)
    told = steward.post("/api/v1/customers", body, content_type="application/json")
    assert (told.status_code, told.json()["known"]) == (409, [str(goes.pk)])
    other = steward.post(
        "/api/v1/customers", body | {"source_key": "B4"}, content_type="application/json"
    )
    assert other.status_code == 201
