"""Own attributes from files: guessed, made with the load, refused cell by cell, the same twice."""

from __future__ import annotations

import json
import threading

import pytest

from dangol.core.models import AuditEntry
from dangol.customers.actions import change_customer
from dangol.customers.attributes.actions import end_attribute
from dangol.customers.attributes.importing import key_for, kind_guessed
from dangol.customers.models import Attribute, AttributeValue, Customer, SourceRecord
from dangol.imports import actions
from dangol.imports.running import run_file
from dangol.imports.tests.factories import (
    counts,
    loaded,
    loaded_with_attributes,
    planned,
    reasons,
    uploaded,
)

HEAD = "고객번호,이름,전화,약정,사용 개월,전자 고지,가입일,메모장\n"
ROWS = (
    "1,하나,010-1111-0001,월 단위,3,예,2024-03-01,전화 늦게\n"
    "2,둘,010-1111-0002,연 단위 (2년),12.5,아니오,2023-01-31,\n"
    "3,셋,010-1111-0003,월 단위,,예,,아침에\n"
)


def known(name: str):
    """What is known of a customer, by the attribute's name."""
    rows = AttributeValue.objects.filter(customer__name=name).select_related("attribute")
    return {row.attribute.name: row.value for row in rows}


@pytest.mark.django_db
def test_every_column_left_over_becomes_an_attribute_of_its_kind(world):
    run = loaded_with_attributes(HEAD + ROWS)
    assert (counts(run), reasons(run)) == ((3, 0, 0, 0), [])
    assert dict(Attribute.objects.values_list("name", "kind")) == {
        "약정": "choice", "사용 개월": "number", "전자 고지": "yes_no", "가입일": "date",
    }, "words that do not come back are no choice: they may be about somebody"  # fmt: skip
    two = known("둘")
    assert (two["약정"], two["사용 개월"], two["전자 고지"]) == ("연 단위 2년", 12.5, False)
    assert two["가입일"].isoformat() == "2023-01-31" and "메모장" not in two
    assert Attribute.objects.get(name="약정").codes["연 단위 2년"] == "연 단위 (2년)"
    assert set(known("셋")) == {"약정", "전자 고지"}


@pytest.mark.django_db
def test_a_second_load_changes_nothing_and_a_corrected_cell_only_itself(world):
    loaded_with_attributes(HEAD + ROWS)
    before = Customer.objects.get(name="하나").revision
    again = loaded("customers", HEAD + ROWS)
    assert counts(again) == (0, 0, 3, 0)
    assert Customer.objects.get(name="하나").revision == before
    assert Attribute.objects.count() == 4 and AttributeValue.objects.count() == 10
    third = loaded("customers", HEAD + ROWS.replace("월 단위,3,", "월 단위,4,"))
    assert counts(third) == (0, 1, 2, 0)
    assert (
        known("하나")["사용 개월"] == 4 and Customer.objects.get(name="하나").revision == before + 1
    )
    entry = AuditEntry.objects.get(verb="import_customer")
    key = Attribute.objects.get(name="사용 개월").key
    assert entry.changes == {f"attribute:{key}": [3.0, 4.0]}


@pytest.mark.django_db
def test_a_wrong_cell_refuses_its_row_with_line_and_reason(world):
    loaded_with_attributes(HEAD + ROWS)
    run = loaded(
        "customers",
        HEAD
        + "4,넷,010-1111-0004,주 단위,1,예,2024-01-01,아침에\n"
        + "5,다섯,010-1111-0005,월 단위,많이,예,2024-01-01,아침에\n"
        + "6,여섯,010-1111-0006,월 단위,1,아마,2024-01-01,아침에\n"
        + "7,일곱,010-1111-0007,월 단위,1,예,2024-13-01,아침에\n"
        + "8,여덟,010-1111-0008,월 단위,1,예,2024-12-01,아침에\n",
    )
    assert counts(run) == (1, 0, 0, 4)
    assert reasons(run) == [
        (2, "약정: “주 단위” is none of: 연 단위 2년, 월 단위"),
        (3, "사용 개월: “많이” is not a number"),
        (4, "전자 고지: “아마” is neither yes nor no"),
        (5, "가입일: “2024-13-01” is not a date of the calendar"),
    ]
    assert known("여덟")["사용 개월"] == 1 and not Customer.objects.filter(name="넷").exists()


@pytest.mark.django_db
def test_looking_ahead_makes_nothing(world):
    run = uploaded("customers", HEAD + ROWS)
    mapping = actions.with_own_columns(run, run.mapping, everything=True)
    actions.set_mapping(run, mapping, by=None)
    run = run_file(run.pk, dry=True)
    assert (run.plan["new"], run.plan["refused"]) == (3, 0)
    assert any("월 단위" in json.dumps(s["seen"], ensure_ascii=False) for s in run.plan["samples"])
    assert not Attribute.objects.exists() and not Customer.objects.exists()


@pytest.mark.django_db
def test_one_column_by_its_key_alone(world):
    run = uploaded("customers", HEAD + ROWS)
    mapping = actions.with_own_columns(run, run.mapping | {"attribute:months": "사용 개월"})
    actions.set_mapping(run, mapping, by=None)
    actions.start_import(run, by=None, now=False)
    run_file(run.pk, dry=False)
    assert list(Attribute.objects.values_list("key", "name", "kind")) == [
        ("months", "사용 개월", "number")
    ]
    # another file calls it by the key; what it leaves out stays
    run = loaded(
        "customers", "고객번호,이름,전화,months\n1,하나,010-1111-0001,7\n2,둘,010-1111-0002,\n"
    )
    assert counts(run) == (0, 1, 1, 0)
    assert (known("하나"), known("둘")) == ({"사용 개월": 7.0}, {"사용 개월": 12.5})


@pytest.mark.django_db
def test_headings_that_only_begin_alike_are_not_mistaken(world):
    """“phone_service” with yes and no is no phone."""
    run = planned("customers", "id,name,phone_service\n1,하나,Yes\n2,둘,No\n")
    assert "phone" not in run.mapping and run.plan["refused"] == 0


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "0", "", "1"], "yes_no"),
        (["Yes", "no"], "yes_no"),
        (["1", "2", "0"], "number"),
        (["1,200", "3.5", "-2"], "number"),
        (["2024-01-01", "2023/12/31"], "date"),
        (["20240101", "20231231"], "date"),
        (["DSL", "Fiber optic", "DSL"], "choice"),
        (["전화 요망", "다시 오겠다고 함", "배우자 명의"], ""),
        (
            [
                "아주 마음에 들어서 다시 오겠다고 하셨고 배우자께도 꼭 권하겠다고 여러 번 말씀하셨어요"
            ]
            * 3,
            "",
        ),
        (["010-1234-5678"] * 3 + ["010-1234-5679"] * 3, ""),
        (["a@example.com"] * 9, ""),
        (["01012345678", "01012345679"], ""),
        (["900101-1234567"], ""),
        ([f"말 {n}" for n in range(40)], ""),
        ([], ""),
    ],
)
def test_the_kind_of_a_column_is_guessed_from_its_cells(cells, kind):
    assert kind_guessed(cells) == kind


def test_a_key_is_made_of_the_heading():
    assert key_for("TotalCharges", set()) == "total_charges"
    assert key_for("TotalCharges", {"attribute:total_charges"}) == "total_charges_2"
    assert key_for("약정", set()) == key_for("약정", set()) and key_for("약정", set()) != key_for(
        "등급", set()
    )


@pytest.mark.django_db
def test_a_file_is_not_loaded_into_an_ended_attribute(world):
    loaded_with_attributes(HEAD + ROWS)
    ended = Attribute.objects.get(name="약정")
    end_attribute(ended, by=None)
    run = loaded("customers", HEAD + ROWS.replace("월 단위", "연 단위 (2년)"))
    assert counts(run) == (0, 0, 3, 0)
    assert f"attribute:{ended.key}" not in run.mapping
    assert known("하나")["약정"] == "월 단위"


@pytest.mark.django_db(transaction=True)
def test_two_loads_that_want_the_same_attribute_make_it_once():
    from django.db import connection

    runs = []
    for n in range(2):
        run = uploaded("customers", f"고객번호,이름,months\n{n},손님{n},{n}\n", source=f"s{n}")
        mapping = actions.with_own_columns(run, run.mapping, everything=True)
        runs.append(actions.set_mapping(run, mapping | {"attribute:months": mapping["attribute:months"] | {
            "new": {"kind": "number", "name": "months"}}}, by=None))  # fmt: skip
    wrong = []

    def start(run):
        try:
            actions.start_import(run, by=None, now=False)
            run_file(run.pk, dry=False)
        except Exception as failure:  # noqa: BLE001 - told below
            wrong.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=start, args=[run]) for run in runs]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert wrong == []
    assert Attribute.objects.count() == 1 and AttributeValue.objects.count() == 2


@pytest.mark.django_db
def test_a_file_never_makes_a_no_that_was_said_elsewhere_a_yes(world):
    file = "고객번호,이름,광고\n1,하나,예\n"
    loaded_with_attributes(file)
    Attribute.objects.filter(name="광고").update(consent=True)
    one = Customer.objects.get(name="하나")
    key = Attribute.objects.get(name="광고").key
    change_customer(one, by=None, revision=one.revision, seen={}, attributes={key: False})
    assert counts(loaded("customers", file)) == (0, 0, 1, 0)
    assert known("하나") == {"광고": False}


@pytest.mark.django_db
def test_the_only_source_of_a_customer_may_say_no_and_yes_again(world):
    loaded_with_attributes("고객번호,이름,광고\n1,하나,아니오\n")
    Attribute.objects.filter(name="광고").update(consent=True)
    assert counts(loaded("customers", "고객번호,이름,광고\n1,하나,예\n")) == (0, 1, 0, 0)
    assert known("하나") == {"광고": True}


@pytest.mark.django_db
@pytest.mark.parametrize("meanwhile", [False, None])
def test_a_file_that_says_no_more_than_before_gives_no_consent_again(world, meanwhile):
    file = "고객번호,이름,광고\n1,하나,예\n"
    loaded_with_attributes(file)
    Attribute.objects.filter(name="광고").update(consent=True)
    one, key = Customer.objects.get(name="하나"), Attribute.objects.get(name="광고").key
    change_customer(one, by=None, revision=one.revision, seen={}, attributes={key: meanwhile})
    stands = {} if meanwhile is None else {"광고": False}
    for more in ("하나", "하나둘"):  # the same row, and one of which another value changed
        loaded("customers", f"고객번호,이름,광고\n1,{more},예\n")
        assert known("하나") == stands
    loaded("customers", "고객번호,이름,광고\n1,하나둘,아니오\n")
    assert known("하나") == {"광고": False}, "a No always counts"
    assert SourceRecord.objects.get(key="1").attributes == {key: False}
