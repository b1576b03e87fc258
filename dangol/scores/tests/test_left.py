"""Own attributes in churn: only when asked, as they are; who left may be what the company says."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from django.core.exceptions import ValidationError

from dangol.customers.attributes.actions import end_attribute, make_attribute, resume_attribute
from dangol.customers.models import AttributeValue, Customer
from dangol.scores.actions import change_model, promote_version
from dangol.scores.churn import left, recipe
from dangol.scores.churn.own import Owner, chosen, matrix, values_of
from dangol.scores.models import Score, ScoreModel
from dangol.scores.recipes import Lack
from dangol.scores.tests.factories import bought, buyers, ran
from dangol.scores.words import failure_words, reason_words
from dangol.warehouse.actions import copy_changes
from dangol.warehouse.engine import lake
from dangol.warehouse.numbers import numbers_of
from tests.lake.factories import a_customer

WORDS = [
    {"code": c, "name": n, "name_en": c} for c, n in (("month", "월 단위"), ("year", "연 단위"))
]


def attribute(key, kind, name="", **fields):
    return make_attribute(
        key=key,
        name=name or key,
        kind=kind,
        by=None,
        choices=WORDS if kind == "choice" else [],
        **fields,
    )


def test_a_part_is_judged_without_its_own_outcomes():
    draw = np.random.default_rng(1)
    values = draw.normal(size=(600, 3))
    away = draw.random(600) < 1 / (1 + np.exp(-2 * values[:, 0]))
    fold = left.fold_of(np.arange(600))
    assert sorted(np.bincount(fold)) == pytest.approx([120] * 5, abs=30)
    for name in ("boosting", "logistic"):
        _models, odds = left.crossed(name, values, away, fold)
        turned = np.where(fold == 2, ~away, away)
        _models, other = left.crossed(name, values, turned, fold)
        assert np.array_equal(odds[fold == 2], other[fold == 2])
        assert not np.array_equal(odds[fold == 1], other[fold == 1])


def test_noise_is_told_as_noise():
    """Out of their part even a model that learned everything by heart finds nothing."""
    draw = np.random.default_rng(2)
    values, away = draw.normal(size=(1500, 8)), draw.random(1500) < 0.3
    test = left.tried("boosting", values, away, left.fold_of(np.arange(1500)))
    assert 0.44 < test["figures"]["auc"] < 0.56 and test["figures"]["calibration_error"] < 0.05


@pytest.mark.django_db
@pytest.mark.usefixtures("lake_folder")
class TestFromTheLake:
    """Over rows of the database."""

    def test_values_become_features(self):
        age, pays = attribute("age", "number"), attribute("pays", "yes_no")
        plan, since = attribute("plan", "choice"), attribute("since", "date")
        one, two = a_customer(), a_customer()
        for held in ({"attribute": age, "figure": 3.5}, {"attribute": pays, "flag": False},
                     {"attribute": plan, "choice": "year"}, {"attribute": since, "day": dt.date(2026, 1, 1)}):  # fmt: skip
            AttributeValue.objects.create(customer=one, **held)
        AttributeValue.objects.create(customer=two, attribute=plan, choice="month")
        copy_changes()
        seen, known = lake(), numbers_of(Customer, [one.pk, two.pk])
        numbers = np.sort(np.array(list(known.values()) + [999_999]))
        own = chosen(seen, True)
        until = dt.date(2026, 1, 31)
        rows, names = matrix(own, values_of(seen, own, numbers), until, 3)
        got = dict(zip(names, rows[list(numbers).index(known[one.pk])], strict=True))
        assert got == {
            "own_age": 3.5, "own_pays": 0.0, "own_plan=month": 0.0, "own_plan=year": 1.0, "own_since": 30.0,
        }  # fmt: skip
        other = dict(zip(names, rows[list(numbers).index(known[two.pk])], strict=True))
        assert other["own_plan=month"] == 1 and np.isnan(other["own_age"])
        assert np.isnan(rows[2]).all()
        owner = Owner(own, names)
        said = [owner.said(a, rows[list(numbers).index(known[one.pk])], 1, until) for a in own]
        assert reason_words(said) == [
            "age 3.5: 떠날 수 있음", "pays 아니요: 떠날 수 있음", "plan 연 단위: 떠날 수 있음",
            "since 2026-01-01: 떠날 수 있음",
        ]  # fmt: skip
        end_attribute(age, by=None)
        assert [a["key"] for a in chosen(seen, True)] == ["pays", "plan", "since"]
        assert [a["key"] for a in chosen(seen, ["plan"])] == ["plan"] and chosen(seen, None) == []

    def test_the_usual_churn_learns_from_attributes_only_when_asked(self, monkeypatch):
        monkeypatch.setattr(recipe, "FEWEST", 5)
        known = attribute("loyal", "yes_no")
        for n, customer in enumerate(buyers(160)):
            AttributeValue.objects.create(customer=customer, attribute=known, flag=n % 2 == 0)
        assert not any(n.startswith("own_") for n in ran("churn").version.parameters["features"])
        model = ScoreModel.objects.get(key="churn")
        change_model(
            model, score_every="", learn_every="", settings={"attributes": ["loyal"]}, by=None
        )
        run = ran("churn", learn=True)
        assert run.failure == "" and "own_loyal" in run.version.parameters["features"]

    def telephone_company(self, world):
        """500 people, of whom those who call often leave, and a newcomer who calls nine times."""
        draw = np.random.default_rng(3)
        gone, calls = (
            attribute("gone", "yes_no", "해지"),
            attribute("calls", "number", "문의", unit="회"),
        )
        why = attribute("why", "choice", "해지 사유")
        people = [
            a_customer(name=f"손님{n}", home_place=world.place("GANGNAM")) for n in range(500)
        ]
        many = draw.poisson(3, 500)
        flags = draw.random(500) < 1 / (1 + np.exp(3 - many))
        values = []
        for customer, n, flag in zip(people, many, flags, strict=True):
            values += [AttributeValue(customer=customer, attribute=gone, flag=bool(flag)),
                       AttributeValue(customer=customer, attribute=calls, figure=float(n))]  # fmt: skip
            if flag:
                values.append(AttributeValue(customer=customer, attribute=why, choice="month"))
        newcomer = a_customer(name="새 손님", home_place=world.place("GANGNAM"))
        values.append(AttributeValue(customer=newcomer, attribute=calls, figure=9))
        AttributeValue.objects.bulk_create(values)
        return people, flags, newcomer

    def test_who_left_is_what_the_company_says(self, client, world):
        people, flags, newcomer = self.telephone_company(world)
        model = ScoreModel.objects.get(key="churn")
        change_model(
            model,
            score_every="",
            learn_every="",
            settings={"left_by": "gone", "attributes": True},
            by=None,
        )
        run = ran("churn")
        assert run.failure == "" and run.version.metrics["auc"] > 0.98
        assert run.version.report["telling"] == [["해지 사유", "해지 사유"]]
        client.force_login(world.alan)
        assert "해지 사유: 이것만으로" in client.get("/scores/churn/?view=quality").content.decode()

        settings = {"left_by": "gone", "attributes": ["calls"]}
        change_model(model, score_every="", learn_every="", settings=settings, by=None)
        run = ran("churn", learn=True)
        fresh = model.versions.first()
        assert 0.6 < fresh.metrics["auc"] < 0.9 and fresh.report["telling"] == []
        model.refresh_from_db()
        assert model.champion.number == 1, "a version that errs more waits for a person"
        promote_version(fresh, by=world.alan)
        ran("churn")
        scores = {s.customer_id: s for s in Score.objects.filter(model=model)}
        assert set(scores) == {p.pk for p, f in zip(people, flags, strict=True) if not f} | {
            newcomer.pk
        }
        assert scores[newcomer.pk].cell == "high"
        assert reason_words(scores[newcomer.pk].reasons)[0] == "문의 9 회: 떠날 수 있음"
        assert "해지" in client.get("/scores/churn/").content.decode()

    def test_too_few_and_missing_attributes_are_told(self):
        gone = attribute("gone", "yes_no")
        customer = bought(a_customer(), 1, 200, 600)
        AttributeValue.objects.create(customer=customer, attribute=gone, flag=True)
        model = ScoreModel.objects.get(key="churn")
        asked = {"score_every": "", "learn_every": "", "settings": {"left_by": "gone"}, "by": None}
        with pytest.raises(ValidationError, match="own attribute|자체 속성"):
            change_model(model, **asked)
        calls = attribute("calls", "number")
        change_model(model, **asked)
        end_attribute(calls, by=None)
        failed = ran("churn")
        assert failed.failure == Lack.ATTRIBUTES
        assert "Settings" in failure_words(failed.failure) or "설정" in failure_words(
            failed.failure
        )
        resume_attribute(calls, by=None)
        assert ran("churn").failure == "too few said to have left"

    @pytest.mark.parametrize(
        "wrong",
        [
            {"left_by": "calls"},
            {"left_by": "nothing"},
            {"attributes": ["nothing"]},
            {"attributes": "calls"},
        ],
    )
    def test_settings_that_lead_nowhere_are_refused(self, wrong):
        attribute("calls", "number")
        model = ScoreModel.objects.get(key="churn")
        with pytest.raises(ValidationError):
            change_model(model, score_every="", learn_every="", settings=wrong, by=None)

    def test_the_settings_form_offers_what_there_is(self, client, world):
        client.force_login(world.alan)
        assert 'name="left_by"' not in client.get("/scores/churn/?view=settings").content.decode()
        attribute("gone", "yes_no", "해지"), attribute("calls", "number", "문의")
        page = client.get("/scores/churn/?view=settings").content.decode()
        assert "해지" in page and "문의" in page
        client.post(
            "/scores/churn/settings/",
            {"left_by": "gone", "attributes": ["calls"], "score_every": "", "learn_every": ""},
        )
        assert ScoreModel.objects.get(key="churn").settings == {
            "left_by": "gone",
            "attributes": ["calls"],
        }
        client.post(
            "/scores/churn/settings/", {"left_by": "", "score_every": "", "learn_every": ""}
        )
        assert ScoreModel.objects.get(key="churn").settings == {}
        assert 'name="left_by"' not in client.get("/scores/value/?view=settings").content.decode()
