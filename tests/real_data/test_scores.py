"""Public data through the product's own import, lake, runs and pages; the figures are those of the pages."""

from __future__ import annotations

import pytest

from dangol.customers.models import Customer
from dangol.imports.tests.factories import counts, loaded
from dangol.purchases.models import Line, Transaction
from dangol.scores.models import Score
from dangol.scores.tests.factories import ran
from tests.real_data.convert import cdnow, complete_journey, movielens

pytestmark = [pytest.mark.real_data, pytest.mark.usefixtures("lake_folder")]


def load(paths, source: str) -> list[tuple[int, int, int, int]]:
    return [
        counts(loaded(kind, path.read_bytes(), name=path.name, source=source))
        for kind, path in zip(("customers", "products", "transactions"), paths, strict=True)
    ]


def page(client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_movielens_from_the_files_to_offers(world, tmp_path, client):
    """The chosen recommendation is never behind a tuned EASE where it was chosen, and ahead of popularity."""
    assert load(movielens(tmp_path), "movielens") == [
        (943, 0, 0, 0), (1682, 0, 0, 0), (100_000, 0, 0, 0),
    ]  # fmt: skip
    run = ran("next")
    assert (run.state, run.failure, run.customers) == ("finished", "", 943)
    report, metrics = run.version.report, run.version.metrics
    plain, recent, popular = report["candidates"]
    assert max(plain["before"], recent["before"]) == max(f for *_s, f in report["tuning"])
    assert metrics["ndcg_10"] > popular["ndcg_10"] > 0.1
    client.force_login(world.alan)
    shown = page(client, "/scores/next/?view=quality")
    assert f"{metrics['ndcg_10']:.3f}" in shown and "EASE" in shown
    score = Score.objects.select_related("customer").order_by("-value").first()
    seen = Line.objects.filter(transaction__customer=score.customer)
    offered = [reason[1] for reason in score.reasons]
    assert len(offered) == 3
    assert not set(offered) & set(seen.values_list("product__name", flat=True))
    client.force_login(world.mark)
    assert offered[0][:20] in page(client, f"/scores/customer/{score.customer_id}/")


def test_complete_journey_of_every_fiftieth_household(world, tmp_path, client):
    """Baskets with many lines, under a tree of departments, of people who come every third day."""
    customers, products, transactions = load(complete_journey(tmp_path, 50), "journey")
    lines = (tmp_path / "complete_journey_transactions.csv").read_text().splitlines()[1:]
    assert customers == (Customer.objects.count(), 0, 0, 0) and products[3] == 0
    assert transactions == (len(lines), 0, 0, 0)
    assert Line.objects.count() == len(lines)
    assert Transaction.objects.count() == len({line.partition(",")[0] for line in lines})
    client.force_login(world.alan)
    for key in ("rfm", "value", "next"):
        run = ran(key)
        assert (run.state, run.failure) == ("finished", ""), key
        assert page(client, f"/scores/{key}/") and page(client, f"/scores/{key}/?view=quality")
    assert Score.objects.filter(model__key="rfm").count() == customers[0]
    churn = ran("churn")
    assert churn.failure == "too few stayed away or came", "fifty households who all come"
    assert churn.state == "lacking"
    assert "자료 기다림" in page(client, "/scores/churn/?view=versions")


def test_cdnow_from_the_files_to_value(world, tmp_path, client):
    """The figures of the back-test are on the page; the cells hold every customer."""
    load(cdnow(tmp_path), "cdnow")
    client.force_login(world.alan)
    for key in ("rfm", "value"):
        run = ran(key)
        assert (run.state, run.failure, run.customers) == ("finished", "", 23_570)
    said = run.version.metrics
    assert abs(said["total_error"]) < 0.15
    assert said["top_tenth"] > 0.4
    shown = page(client, "/scores/value/?view=quality")
    assert f"{100 * said['total_error']:+.1f}%" in shown
    assert "$" in page(client, "/scores/value/")
