import re
from html import unescape

import pytest
from django.http import QueryDict
from django.urls import reverse

from dangol.core.models import User
from dangol.customers.actions import add_contact_point, add_customer
from dangol.customers.finding import customers_found_by
from dangol.customers.hangul import initials, letters
from dangol.customers.lists import CustomerList


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


@pytest.fixture
def namesakes(world):
    """Two of one name, then others whose names begin so or are written alike, the newest last."""
    names = ("이미환", "이미완", "이미환", "이미환경")
    return [add_customer(name=n, home_place=world.place("GANGNAM"), by=None) for n in names]


def shown_in_list(client, **query) -> list[str]:
    rows = re.findall(r'class="main-link"[^>]*>([^<]+)</a>', page(client, **query))
    return [row.strip() for row in rows]


def page(client, **query) -> str:
    return client.get(reverse("customers:list"), query).content.decode()


def test_exact_names_come_first_in_the_list(client, world, namesakes):
    client.force_login(world.anna)
    assert names(world.anna, "이미환") == ["이미환", "이미환", "이미환경", "이미완"]
    assert shown_in_list(client, q="이미환") == ["이미환", "이미환", "이미환경", "이미완"]
    note = "정확히 같은 것 먼저, 그다음 비슷한 것"
    assert note in page(client, q="이미환")
    assert note not in page(client, q="이미완 없음") and note not in page(client)


def test_a_chosen_order_of_the_list_holds_for_what_was_found(client, world, namesakes):
    client.force_login(world.anna)
    assert shown_in_list(client, q="이미환", order="name") == [
        "이미완",
        "이미환",
        "이미환",
        "이미환경",
    ]
    newest = shown_in_list(client, q="이미환", order="-created_at")
    assert newest == ["이미환경", "이미환", "이미완", "이미환"]
    assert shown_in_list(client, order="closeness") == newest


def test_further_pages_of_what_was_found_go_on_where_the_first_ended(
    client, world, namesakes, monkeypatch
):
    monkeypatch.setattr(CustomerList, "page_size", 2)
    client.force_login(world.anna)
    more = re.search(r'hx-get="\?([^"]+)"', page(client, q="이미환").split("list-more")[1])
    assert more is not None
    after = QueryDict(unescape(more[1])).dict()
    assert shown_in_list(client, **after) == ["이미환경", "이미완"]
