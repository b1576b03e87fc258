"""Return: lots are fair and fixed, the estimate is Welch's, what was spent before makes it sharper."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from scipy import stats

from dangol.core.models import AuditEntry
from dangol.scores.actions import begin_use, count_outcomes, record_outcome
from dangol.scores.actions.returns import held_out
from dangol.scores.lift import Sums, lift
from dangol.scores.models import Exposure, Outcome, ScoreModel, Use
from dangol.scores.returns import lifts_of
from dangol.scores.tests.factories import bought, ran
from dangol.segments.refreshing import refresh_segments
from dangol.segments.tests.factories import a_segment, somebody
from dangol.warehouse.actions import copy_changes
from tests.lake.factories import a_customer, a_sale


def sums(y, x=None) -> Sums:
    x = np.zeros_like(y) if x is None else x
    return Sums(len(y), y.sum(), (y * y).sum(), x.sum(), (x * x).sum(), (x * y).sum())


def test_the_interval_is_welchs():
    draw = np.random.default_rng(1)
    a, b = draw.normal(5, 3, 40), draw.normal(4, 1, 90)
    said, wanted = lift(sums(a), sums(b)), stats.ttest_ind(a, b, equal_var=False)
    assert said.p == pytest.approx(wanted.pvalue)
    assert (said.low, said.high) == pytest.approx(tuple(wanted.confidence_interval()))
    assert said.difference == pytest.approx(a.mean() - b.mean())


def test_the_interval_holds_as_often_as_it_says_and_a_covariate_makes_it_shorter():
    draw, inside, both, shorter = np.random.default_rng(2), 0, 0, []
    for _again in range(400):
        x, z = draw.gamma(1, 50, 150), draw.gamma(1, 50, 60)
        a, b = x + draw.normal(10, 20, 150), z + draw.normal(0, 20, 60)
        plain, sharp = lift(sums(a, x), sums(b, z)), lift(sums(a, x), sums(b, z), covariate=True)
        inside += plain.low <= 10 <= plain.high
        both += sharp.low <= 10 <= sharp.high
        shorter.append((sharp.high - sharp.low) / (plain.high - plain.low))
    assert 0.92 < inside / 400 < 0.98 and 0.92 < both / 400 < 0.98
    assert np.median(shorter) < 0.6


def test_too_few_say_nothing_and_equal_ones_say_zero():
    assert lift(Sums(1, 1, 1), Sums(9, 1, 1)) is None
    same = lift(sums(np.ones(5)), sums(np.ones(4)))
    assert (same.difference, same.low, same.high, same.p, same.sure) == (0, 0, 0, 1, False)


def test_the_lot_is_fixed_and_fair():
    use, customers = uuid.uuid4(), [uuid.uuid4() for _n in range(20_000)]
    drawn = [held_out(use, c, 0.2) for c in customers]
    assert drawn == [held_out(use, c, 0.2) for c in customers]
    assert 0.19 < np.mean(drawn) < 0.21
    other = [held_out(uuid.uuid4(), c, 0.2) for c in customers[:1]]
    assert len(other) == 1


def test_the_lot_falls_as_chance_would_over_many_uses_and_for_neighbours_too():
    seeds, people, share = 80, 4339, 0.2
    draw = np.random.default_rng(7)
    first = int.from_bytes(draw.bytes(16)) >> 16 << 16  # ids that were given one after the other
    customers = [uuid.UUID(int=first + n) for n in range(people)]
    uses = [uuid.UUID(bytes=draw.bytes(16)) for _n in range(seeds)]
    lots = np.array([[held_out(use, c, share) for c in customers] for use in uses], float)
    held = lots.sum(axis=1)
    z = (held - people * share) / np.sqrt(people * share * (1 - share))
    assert stats.binomtest(int(held.sum()), seeds * people, share).pvalue > 1e-4
    assert 1e-4 < stats.chi2.cdf((z**2).sum(), seeds) < 1 - 1e-4 and abs(z).max() < 4.5
    # One's lot says nothing about the neighbour's, nor about one's own lot in the next use.
    for one, other in ((lots[:, 1:], lots[:, :-1]), (lots[1:], lots[:-1])):
        correlation = np.corrcoef(one.ravel(), other.ravel())[0, 1]
        assert abs(correlation) < 4.5 / np.sqrt(one.size)


@pytest.mark.django_db
class TestInTheProduct:
    """The whole way."""

    def test_from_lots_to_a_lift(self, world, lake_folder, client):
        start = timezone.now() - dt.timedelta(days=20)
        customers = [a_customer(home_place=world.place("GANGNAM")) for _n in range(60)]
        for number, customer in enumerate(customers):
            a_sale(customer, number, at=start - dt.timedelta(days=3))
        use = begin_use(
            name="전화", hold_out=0.4, days=14, by=world.mark, at=start,
            customers=[c.pk for c in customers],
        )  # fmt: skip
        treated = list(Exposure.objects.filter(use=use, held_out=False).select_related("customer"))
        for exposure in treated:
            a_sale(exposure.customer, exposure.before + 100, at=start + dt.timedelta(days=1))
            a_sale(
                exposure.customer, 5000, at=start + dt.timedelta(days=15)
            )  # after the days watched
        for exposure in Exposure.objects.filter(use=use, held_out=True).select_related("customer"):
            a_sale(exposure.customer, exposure.before, at=start + dt.timedelta(days=1))
        assert count_outcomes(use) == 120
        assert count_outcomes(use) == 0
        found = lifts_of(use)
        assert found["spent"][1].difference == pytest.approx(100, abs=1)
        assert found["bought"][0].difference == 0
        client.force_login(world.alan)
        page = client.get(f"/scores/returns/{use.pk}/").content.decode()
        assert "확실" in page and "+0.0%p" in page and "아직 어느 쪽도" not in page
        listed = client.get("/scores/returns/").content.decode()
        assert "전화" in listed and "+0.0%p" in listed

    def test_before_anybody_bought_nothing_is_called_unsure(self, world, client):
        eight = [a_customer(home_place=world.place("GANGNAM")).pk for _n in range(8)]
        use = begin_use(name="전화", hold_out=0.5, days=30, by=world.alan, customers=eight)
        count_outcomes(use)
        client.force_login(world.alan)
        page = client.get(f"/scores/returns/{use.pk}/").content.decode()
        assert "30일 중 1일째" in page and "불확실" not in page
        assert "불확실" not in client.get("/scores/returns/").content.decode()

    def test_only_customers_in_sight_are_drawn(self, world, lake_folder, client):
        for code in ["GANGNAM"] * 6 + ["HAEUNDAE"] * 3:
            bought(a_customer(home_place=world.place(code)), 5)
        ran("rfm")
        client.force_login(world.mark)
        given = {"name": "감사 전화", "cell": "", "hold_out": "30", "days": "10"}
        assert client.post("/scores/rfm/uses/", given).status_code == 302
        assert Use.objects.get().exposures.count() == 9
        assert AuditEntry.objects.get(verb="scores.use_begun").by == world.mark
        client.force_login(world.sue)
        assert client.post("/scores/rfm/uses/", given).status_code == 403
        model = ScoreModel.objects.get(key="rfm")
        near = begin_use(name="x", hold_out=0.5, days=5, by=world.grace, model=model)
        assert near.exposures.count() == 6

    def test_nonsense_is_refused_and_nothing_is_kept(self, world, client):
        four = [a_customer().pk for _n in range(4)]
        for wrong in (
            {"hold_out": 0},
            {"hold_out": 1},
            {"days": 0},
            {"name": " "},
            {"customers": four[:2]},
        ):
            given = {"name": "x", "hold_out": 0.5, "days": 5, "customers": four, "by": None} | wrong
            with pytest.raises(ValidationError):
                begin_use(**given)
        assert not Use.objects.exists()

    def test_a_campaign_may_count_for_itself(self, world):
        customers = [a_customer() for _n in range(8)]
        use = begin_use(
            name="x", hold_out=0.5, days=5, by=None, customers=[c.pk for c in customers]
        )
        for _twice in range(2):
            for customer in customers:
                record_outcome(use, customer, "redeemed", 1, by=world.mark)
        assert Outcome.objects.count() == 8
        told = AuditEntry.objects.filter(verb="scores.outcome_recorded")
        assert {(t.by, t.changes["redeemed"][1]) for t in told} == {(world.mark, 1)}
        assert len(told) == 8  # the second time changed nothing

    def test_a_segment_is_used_from_its_page_and_found_there_again(
        self, world, client, lake_folder
    ):
        members = [somebody(world) for _n in range(5)]
        far = somebody(world, "HAEUNDAE")
        segment = a_segment(world, {"attribute": "kind", "is": ["person"]})
        copy_changes()
        refresh_segments()
        client.force_login(world.mark)
        panel = client.get(f"/scores/segment/{segment.pk}/").content.decode()
        assert "세그먼트 활용" in panel
        given = {"name": "초대", "hold_out": "40", "days": "10"}
        answer = client.post(f"/scores/segment/{segment.pk}/uses/", given)
        use = Use.objects.get()
        assert answer["Location"] == f"/scores/returns/{use.pk}/"
        drawn = set(use.exposures.values_list("customer", flat=True))
        assert drawn == {c.pk for c in (*members, far)}
        assert "초대" in client.get(f"/scores/segment/{segment.pk}/").content.decode()
        assert segment.name in client.get("/scores/returns/").content.decode()
        page = client.get(answer["Location"]).content.decode()
        assert set(re.findall(r'href="([^"]*)"[^>]*aria-current="page"', page)) == {"/segments/"}

    def test_a_region_sees_the_uses_that_it_began(self, world, client):
        customers = [a_customer(home_place=world.place("GANGNAM")).pk for _n in range(4)]
        ours = begin_use(name="본사", hold_out=0.5, days=5, by=world.mark, customers=customers)
        client.force_login(world.grace)
        assert client.get(f"/scores/returns/{ours.pk}/").status_code in {403, 404}
        assert "본사" not in client.get("/scores/returns/").content.decode()

    def test_the_same_by_program(self, world, lake_folder, client):
        for _n in range(8):
            bought(a_customer(home_place=world.place("GANGNAM")), 5)
        ran("rfm")
        client.force_login(world.mark)

        def asked(method: str, path: str, body: object = None):
            return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json")

        wrong = asked("post", "/returns", {"name": "x", "model": "rfm", "hold_out": 2})
        assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "hold_out")
        assert asked("post", "/returns", {"name": "x"}).status_code == 422
        assert asked("post", "/returns", {"name": "x", "model": "none"}).status_code == 404
        made = asked("post", "/returns", {"name": "문자", "model": "rfm", "hold_out": 0.5})
        assert (made.status_code, made.json()["model"]) == (201, "rfm")
        path = f"/returns/{made.json()['id']}"
        said = asked("post", f"{path}/count").json()
        assert said["treated"] + said["held_out"] == 8
        assert {one["measure"] for one in said["lifts"]} <= {"bought", "spent"}
        drawn = Exposure.objects.first().customer_id
        outcome = f"{path}/customers/{drawn}/outcomes/redeemed"
        assert asked("put", outcome, {"amount": 1}).status_code == 200
        other = a_customer(home_place=world.place("GANGNAM")).pk
        refused = asked("put", f"{path}/customers/{other}/outcomes/redeemed", {"amount": 1})
        assert (
            refused.status_code == 422 and Outcome.objects.filter(measure="redeemed").count() == 1
        )
        assert [one["name"] for one in asked("get", "/returns").json()["items"]] == ["문자"]
        client.force_login(world.sue)
        assert asked("post", "/returns", {"name": "x", "model": "rfm"}).status_code == 403

    def test_money_is_counted_in_the_companys_currency(self, world):
        """100 won and 2 dollars at 1,300; yen without a rate count as bought and carry nothing."""
        ScoreModel.objects.filter(key="value").update(settings={"rates": {"USD": "1300"}})
        start = timezone.now() - dt.timedelta(days=5)
        customers = [a_customer() for _n in range(4)]
        for customer in customers:
            for amount, currency in ((100, "KRW"), (2, "USD"), (9000, "JPY")):
                for ago in (-1, 1):
                    a_sale(
                        customer, amount, currency=currency, at=start - dt.timedelta(days=ago)
                    )  # fmt: skip
        use = begin_use(
            name="x", hold_out=0.5, days=4, by=None, customers=[c.pk for c in customers], at=start
        )
        count_outcomes(use)
        assert set(use.exposures.values_list("before", flat=True)) == {2700}
        spent = Outcome.objects.filter(use=use, measure="spent").values_list("amount", flat=True)
        assert set(spent) == {2700}

    def test_what_would_poison_a_return_is_refused(self, world):
        customers = [a_customer() for _n in range(4)]
        use = begin_use(
            name="x", hold_out=0.5, days=5, by=None, customers=[c.pk for c in customers]
        )
        for amount in (1e308, float("nan"), float("-inf")):
            with pytest.raises(ValidationError):
                record_outcome(use, customers[0], "big", amount, by=None)
        ended = a_segment(world)
        ended.ended_at = timezone.now()
        ended.save()
        with pytest.raises(ValidationError):
            begin_use(name="x", hold_out=0.5, days=5, by=world.mark, segment=ended)
        assert not Outcome.objects.exists() and Use.objects.count() == 1
