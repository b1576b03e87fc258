import pytest

from dangol.customers.actions import add_customer


@pytest.fixture
def three(world):
    for name, code in (("강남고객", "GANGNAM"), ("마포고객", "MAPO"), ("해운대고객", "HAEUNDAE")):
        add_customer(name=name, home_place=world.place(code), by=None)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("GANGNAM", ["강남고객"]),
        ("강남지점 · GANGNAM", ["강남고객"]),
        ("서울지역 · SEOUL", ["강남고객", "마포고객"]),
        ("운대", ["해운대고객"]),
        ("없는곳", []),
    ],
)
def test_a_list_is_asked_for_a_place_and_all_below_it(client, world, three, words, names):
    client.force_login(world.anna)
    page = client.get("/customers/", {"site": words}).text
    assert [n for n in ("강남고객", "마포고객", "해운대고객") if n in page] == names


def test_the_filter_never_widens_the_scope(client, world, three):
    client.force_login(world.grace)
    page = client.get("/customers/", {"site": "SEOUL"}).text
    assert "강*고객" not in page and "마**객" not in page
    assert page.count("main-link") == 1
