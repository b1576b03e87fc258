import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from dangol.ui import menu, panels
from dangol.ui.menu import MenuItem
from dangol.ui.panels import Panel

pytestmark = pytest.mark.urls("dangol.ui.tests.urls")


class Person:
    """Someone who may do what is listed."""

    is_authenticated = True

    def __init__(self, *abilities):
        self.abilities = abilities

    def can(self, ability):
        return ability in self.abilities


@pytest.fixture
def items(monkeypatch):
    monkeypatch.setattr(menu, "_items", [])
    menu.register(
        MenuItem("안내", "ui:style", "layers", order=2),
        MenuItem("보기", "ui:saved_views", "bookmark", "views.see", order=1, group="나"),
        MenuItem("없음", "nowhere:list", "circle"),
    )


def labels(*abilities, path="/style/wall/"):
    request = RequestFactory().get(path)
    request.user = Person(*abilities)
    return [
        (group, [(x.item.label, x.here) for x in lines]) for group, lines in menu.menu_for(request)
    ]


def test_a_person_sees_only_what_they_use(items):
    assert labels() == [("", [("안내", True)])]
    assert labels("views.see") == [("나", [("보기", False)]), ("", [("안내", True)])]


def test_a_page_may_belong_to_a_line_with_another_address(items, monkeypatch):
    request = RequestFactory().get("/style/wall/")
    request.user, request.menu_line = Person("views.see"), "ui:saved_views"
    here = [x.item.label for _group, lines in menu.menu_for(request) for x in lines if x.here]
    assert here == ["보기"]


def test_panels_are_in_order_and_only_for_those_who_may(monkeypatch):
    monkeypatch.setattr(panels, "_panels", {})
    panels.register(
        Panel("b", "customer", "B", "ui:style", order=2),
        Panel("a", "customer", "A", "ui:style", "cases.see", order=1),
        Panel("c", "site", "C", "ui:style"),
    )
    assert [p.key for p in panels.panels_for(Person("cases.see"), "customer")] == ["a", "b"]
    assert [p.key for p in panels.panels_for(Person(), "customer")] == ["b"]


@pytest.mark.parametrize("code", ["400", "403", "404", "500", "503"])
def test_an_error_page_needs_nothing(code):
    assert f"{code}" in render_to_string(f"{code}.html")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page", ["/style/", "/style/wall/", "/style/plain/", "/style/part/", "/find/?q=x"]
)
def test_the_style_guide_draws(signed_in, page):
    assert signed_in.get(page).status_code == 200


@pytest.mark.django_db
def test_language_and_theme_are_kept_on_the_person(signed_in, owner):
    signed_in.post("/theme/", {"theme": "dark"})
    signed_in.post("/theme/", {"theme": "pink"})
    response = signed_in.post("/language/", {"language": "en", "next": "https://evil.example/"})
    owner.refresh_from_db()
    assert (owner.theme, owner.language, response.url) == ("dark", "en", "/")
