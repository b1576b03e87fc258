import pytest

from dangol.core.models import User
from dangol.customers.actions import add_contact_point, add_customer
from dangol.customers.finding import customers_found_by
from dangol.customers.hangul import initials, letters


@pytest.fixture
def people(world):
    rows = [
        ("김철수", "010-1234-5678", "cheolsu@example.com", "GANGNAM"),
        ("김영희", "010-9999-5678", "young@example.com", "GANGNAM"),
        ("박지성", "010-2222-3333", "park@example.com", "HAEUNDAE"),
        ("Jane Smith", "+1 415 555 2671", "jane@example.com", "MAPO"),
    ]
    made = {}
    for name, phone, email, site in rows:
        customer = add_customer(name=name, home_place=world.place(site), by=None)
        add_contact_point(customer, "phone", phone, by=None)
        add_contact_point(customer, "email", email, by=None)
        made[name] = customer
    return made


def names(user: User, words: str) -> list[str]:
    return [c.name for c in customers_found_by(user, words)]


def test_letters_and_initials():
    assert letters("홍길동") == "ㅎㅗㅇㄱㅣㄹㄷㅗㅇ"
    assert initials("홍길동") == "ㅎㄱㄷ"
    assert letters("Élan") == "elan"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("김철수", ["김철수"]),
        ("ㄱㅊㅅ", ["김철수"]),
        ("1234-5678", ["김철수"]),
        ("01012345678", ["김철수"]),
        ("park@", ["박지성"]),
        ("김철슈", ["김철수"]),
        ("jane smth", ["Jane Smith"]),
        ("김철수 5678", ["김철수"]),
        ("%", []),
        ("", []),
    ],
)
def test_finding(world, people, words, expected):
    assert names(world.anna, words) == expected


def test_a_phone_tail_finds_everybody_who_has_it(world, people):
    assert set(names(world.ada, "5678")) == {"김철수", "김영희"}


def test_the_outsider_finds_nobody_of_another_branch(world, people):
    assert names(world.eve, "김철수") == []
    assert names(world.eve, "박지성") == ["박지성"]
