"""Records of organisations find each other as people's do: one by one, and all together."""

from __future__ import annotations

import pytest

from dangol.customers.models import Customer, Relation, SourceRecord
from dangol.identity.models import Link, Question, Reading, Run
from dangol.identity.recognising.all_records import match_all
from dangol.identity.recognising.new_records import match_waiting
from dangol.identity.stewarding.answering import answer_question, take_back
from dangol.identity.tests.factories import KEYS, record

pytestmark = pytest.mark.django_db
HANBIT = {
    "name": "㈜한빛건설", "registration": "124-81-00998", "phone": "02-555-1000", "owner": "홍서연",
    "address": "서울 강남구 테헤란로 152",
}  # fmt: skip
OTHER_NUMBER = "220-81-62517"


def company(source: str = "erp", **values: str) -> SourceRecord:
    """A record of an organisation that waits for its customer."""
    return SourceRecord.objects.create(
        source=source, key=f"O{next(KEYS)}", kind="organisation", values=values
    )


def one_by_one() -> None:
    while match_waiting()["records"]:
        pass


def all_together() -> None:
    match_all(Run(kind="full"), by=None)


@pytest.mark.parametrize("run", [one_by_one, all_together])
def test_spellings_and_one_number_are_one_organisation(run) -> None:
    for name in ("한빛건설 주식회사", "(주) 한빛 건설", "Hanbit Construction Co., Ltd."):
        company("invoices", name=name, registration="1248100998")
    company(**HANBIT)
    run()
    found = Customer.objects.get()
    assert found.kind == "organisation" and found.records.count() == 4
    assert Link.objects.count() == 3


@pytest.mark.parametrize("run", [one_by_one, all_together])
def test_a_swapped_digit_does_not_part_them(run) -> None:
    company(**HANBIT)
    slip = company("invoices", name="한빛건설", registration="124-81-00989", phone="02-555-1000")
    run()
    assert Customer.objects.count() == 1
    assert Reading.objects.get(pk=slip.pk).strange == ["registration"]


@pytest.mark.parametrize("run", [one_by_one, all_together])
def test_two_numbers_that_hold_are_asked_about_and_never_joined(run) -> None:
    company(**HANBIT)
    company("invoices", **HANBIT | {"registration": OTHER_NUMBER})
    run()
    assert Customer.objects.count() == 2
    assert Question.objects.get().why == "registration"


@pytest.mark.parametrize("run", [one_by_one, all_together])
def test_one_corporate_number_joins_two_registrations(run) -> None:
    company(**HANBIT, corporate="130111-0006246")
    company("invoices", **HANBIT | {"registration": OTHER_NUMBER}, corporate="1301110006246")
    run()
    assert Customer.objects.count() == 1


@pytest.mark.parametrize("run", [one_by_one, all_together])
def test_a_branch_with_its_own_number_is_tied_to_the_head_office(run) -> None:
    head = company(**HANBIT, corporate="130111-0006246")
    branch = company(
        "fleet", name="㈜한빛건설 부산지점", registration=OTHER_NUMBER, corporate="130111-0006246",
        phone="051-777-2000",
    )  # fmt: skip
    run()
    head.refresh_from_db(), branch.refresh_from_db()
    tie = Relation.objects.get()
    assert (tie.kind, tie.from_customer, tie.to_customer) == (
        "branch_of", branch.customer, head.customer,
    )  # fmt: skip


@pytest.mark.parametrize("run", [one_by_one, all_together])
def test_a_person_and_an_organisation_are_never_one(run) -> None:
    company(name="홍서연", phone="010-4321-8765", email="hong@hanbit.co.kr")
    record(name="홍서연", phone="010-4321-8765", email="hong@hanbit.co.kr")
    run()
    assert sorted(Customer.objects.values_list("kind", flat=True)) == ["organisation", "person"]
    assert not Question.objects.exists() and not Relation.objects.exists()


def test_sisters_behind_one_switchboard_stay_two() -> None:
    company(**HANBIT)
    company(
        "fleet", **{k: v for k, v in HANBIT.items() if k != "registration"} | {"name": "한빛산업"}
    )
    one_by_one()
    assert Customer.objects.count() == 2


def test_a_steward_says_head_office_and_branch_and_takes_it_back(world) -> None:
    head, branch = company(**HANBIT), company("fleet", name="한빛건설 부산지점")
    match_waiting()
    question = Question.objects.create(a=head, b=branch, why="weight", weight=2.0, steps=[])
    steward = world.dana
    label = answer_question(question, "household", by=steward)
    head.refresh_from_db(), branch.refresh_from_db()
    tie = Relation.objects.get()
    assert (tie.kind, tie.from_customer_id, tie.to_customer_id) == (
        "branch_of", branch.customer_id, head.customer_id,
    )  # fmt: skip
    take_back(label, by=steward)
    assert not Relation.objects.exists()
