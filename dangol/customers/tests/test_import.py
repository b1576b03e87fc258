"""Customers from files: known again, corrected, never doubled."""

from dangol.core.models import AuditEntry
from dangol.customers.actions import check_contact_point
from dangol.customers.models import ContactPoint, Customer, SourceRecord
from dangol.imports.tests.factories import counts, loaded, planned, reasons

FILE = (
    "고객번호,이름,휴대폰,이메일,주소,우편번호,생년월일,성별,지점\n"
    "C1,김철수,010-1234-5678,Kim@Example.com,서울시 강남구 1,06234,1980.1.2,남,GANGNAM\n"
    "C2,이영희,1098765432,,,,19900305,여,마포지점\n"
)


def test_a_row_becomes_a_customer_that_can_be_found_and_reached(world):
    assert counts(loaded("customers", FILE)) == (2, 0, 0, 0)
    kim = Customer.objects.get(source_key="C1")
    assert (kim.name, kim.name_initials, kim.gender) == ("김철수", "ㄱㅊㅅ", "m")
    assert (str(kim.born_on), kim.home_place.code) == ("1980-01-02", "GANGNAM")
    points = dict(kim.contact_points.values_list("kind", "value"))
    assert points == {
        "phone": "+821012345678", "email": "kim@example.com", "address": "(06234) 서울시 강남구 1",
    }  # fmt: skip
    assert kim.contact_points.get(kind="phone").tail == "876543210128"
    lost_zero = ContactPoint.objects.get(customer__source_key="C2")
    assert lost_zero.value == "+821098765432"


def test_the_same_file_twice_changes_nothing(world):
    loaded("customers", FILE)
    before = (list(Customer.objects.order_by("pk").values()), ContactPoint.objects.count())
    assert counts(loaded("customers", FILE)) == (0, 0, 2, 0)
    assert (list(Customer.objects.order_by("pk").values()), ContactPoint.objects.count()) == before
    assert not AuditEntry.objects.filter(verb="import_customer").exists()


def test_a_changed_row_changes_what_it_says_and_nothing_else(world):
    loaded("customers", FILE)
    changed = "고객번호,이름,휴대폰,이메일\nC1,김철수,010-1234-9999,\nC2,이영희,,\n"
    assert counts(loaded("customers", changed)) == (0, 1, 1, 0)
    kim = Customer.objects.get(source_key="C1")
    phones = kim.contact_points.filter(kind="phone").order_by("created_at")
    assert [(p.value, p.ended_at is None) for p in phones] == [
        ("+821012345678", False),
        ("+821012349999", True),
    ]
    assert kim.contact_points.filter(kind="email", ended_at=None).count() == 1
    audit = AuditEntry.objects.get(verb="import_customer")
    assert audit.changes == {"phone": [None, "+821012349999"]}


def test_a_number_that_an_agent_found_wrong_does_not_come_back(world):
    loaded("customers", FILE)
    point = ContactPoint.objects.get(value="+821012345678")
    check_contact_point(point, "wrong", by=world.ada, new_value="010-5555-6666")
    assert counts(loaded("customers", FILE)) == (0, 0, 2, 0)
    valid = ContactPoint.objects.filter(customer=point.customer, kind="phone", ended_at=None)
    assert [p.value for p in valid] == ["+821055556666"]


def test_refused_rows_are_named_with_line_and_reason(world):
    content = (
        "고객번호,이름,휴대폰,지점,생년월일\nA,,010-1111-2222,,\nB,나나,12,,\nC,다다,,NOWHERE,\n"
        "D,라라,,,2026-13-01\nE,마마,,,\nE,바바,,,\nF,800101-1234567,,,\n"
    )
    run = loaded("customers", content)
    assert counts(run) == (1, 0, 0, 6)
    assert reasons(run) == [
        (2, "Name (이름): empty, but needed"),
        (3, "Phone (휴대폰): “12” is not a phone number"),
        (4, "home site (지점): there is no site “NOWHERE”"),
        (5, "date of birth (생년월일): “2026-13-01” is not a date of the calendar"),
        (7, "Customer number (고객번호): “E” stood in line 6 already"),
        (8, "Name (이름): holds what looks like a resident registration number"),
    ]
    assert list(Customer.objects.values_list("name", flat=True)) == ["마마"]


def test_a_dry_run_draws_the_picture_and_stores_nothing(world):
    loaded("customers", FILE)
    run = planned("customers", FILE.replace("이영희", "이영자") + "C3,박새로,,,,,,,\n")
    assert {k: run.plan[k] for k in ("rows", "new", "changed", "same", "refused")} == {
        "rows": 3, "new": 1, "changed": 1, "same": 1, "refused": 0,
    }  # fmt: skip
    changed = next(s for s in run.plan["samples"] if s["verdict"] == "changed")
    assert changed["seen"] == {"before": {"name": "이영희"}, "after": {"name": "이영자"}}
    assert Customer.objects.count() == 2


def test_a_file_without_numbers_knows_its_rows_by_name_and_phone(world):
    content = "이름,휴대폰\n김철수,010-1234-5678\n김철수,010-1234-9999\n"
    assert counts(loaded("customers", content)) == (2, 0, 0, 0)
    assert counts(loaded("customers", content)) == (0, 0, 2, 0)


def test_a_site_outside_the_persons_scope_is_refused(world):
    from dangol.core.roles import Role
    from dangol.places.actions import grant_role

    grant_role(world.nobody, Role.ADMINISTRATOR, world.place("SEOUL"), by=None)
    content = "고객번호,이름,지점\nC1,김철수,GANGNAM\nC2,이영희,HAEUNDAE\n"
    run = loaded("customers", content, by=world.nobody)
    assert counts(run) == (1, 0, 0, 1)
    assert "outside your part" in reasons(run)[0][1]


def test_a_key_of_a_person_is_refused_as_an_organisations(world):
    loaded("customers", FILE)
    before = list(Customer.objects.order_by("pk").values())
    run = loaded("customers", "고객번호,이름,구분\nC1,㈜한빛건설,법인\nC9,㈜새벽상사,법인\n")
    assert counts(run) == (1, 0, 0, 1)
    [(line, reason)] = reasons(run)
    assert line == 2 and reason.endswith("“C1” belongs to a person of “crm”")
    assert list(Customer.objects.exclude(source_key="C9").order_by("pk").values()) == before
    assert SourceRecord.objects.get(key="C1").kind == "person"


def test_a_number_that_left_a_file_comes_back_with_it(world):
    def phones(number: str) -> list[tuple[str, bool]]:
        loaded("customers", f"고객번호,이름,휴대폰\nC1,김철수,{number}\n")
        points = ContactPoint.objects.filter(kind="phone", ended_at=None)
        return [(p.value, p.preferred) for p in points]

    assert phones("010-1111-1111") == [("+821011111111", True)]
    assert phones("010-2222-2222") == [("+821022222222", True)]
    assert phones("010-1111-1111") == [("+821011111111", True)]
    assert ContactPoint.objects.count() == 2


def test_a_verified_number_stays_first_when_a_file_brings_another(world):
    loaded("customers", "고객번호,이름,휴대폰\nC1,김철수,010-1111-1111\n")
    check_contact_point(ContactPoint.objects.get(), "verified", by=world.ada)
    loaded("customers", "고객번호,이름,휴대폰\nC1,김철수,010-2222-2222\n")
    points = ContactPoint.objects.filter(ended_at=None).order_by("value")
    assert [(p.value, p.preferred) for p in points] == [
        ("+821011111111", True), ("+821022222222", False),
    ]  # fmt: skip
