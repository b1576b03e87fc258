"""The call asks for what is probably wrong by now."""

import datetime as dt

from django.utils import timezone

from dangol.customers.actions import add_contact_point
from dangol.customers.models import ContactPoint
from dangol.desk.tests.test_desk_page import ada, due, page, step  # noqa: F401
from dangol.quality.models import Risk
from dangol.quality.tests.factories import looked


def test_the_desk_asks_until_it_was_checked(world, ada, due):  # noqa: F811
    point = add_contact_point(
        due.customer, "address", "(06236) 서울 강남구 테헤란로 5 101호", by=None,
        at=timezone.now() - dt.timedelta(days=1400),
    )  # fmt: skip
    looked()
    step(ada, "state", state="available")
    step(ada, "next")
    shown = page(ada)
    assert shown.count('id="asks"') == 1
    assert "아직 여기 사시는지" in shown and "테헤란로 5" in shown
    step(ada, "call")
    step(ada, "pulse")
    answer = ada.post(
        f"/desk/contact-points/{point.pk}/check/", {"outcome": "verified"}, headers={"HX-Request": "true"}
    )  # fmt: skip
    assert answer.status_code == 200
    again = answer.content.decode()
    assert 'id="asks" hx-swap-oob="true"></div>' in again
    assert ContactPoint.objects.get(pk=point.pk).state == "verified"
    assert "아직 여기 사시는지" not in page(ada)


def test_nothing_is_asked_before_the_first_night(world, ada, due):  # noqa: F811
    step(ada, "state", state="available")
    step(ada, "next")
    assert '<div class="desk-asks" id="asks"></div>' in page(ada)


def test_what_is_likelier_wrong_is_asked_first(world, ada, due):  # noqa: F811
    long_ago = timezone.now() - dt.timedelta(days=1400)
    add_contact_point(due.customer, "email", "old@example.org", by=None, at=long_ago)
    add_contact_point(
        due.customer, "address", "(06236) 서울 강남구 테헤란로 5 101호", by=None, at=long_ago
    )
    looked()
    step(ada, "state", state="available")
    step(ada, "next")
    for low, high in (("email", "address"), ("address", "email")):
        Risk.objects.filter(kind=low).update(chance=0.152)
        Risk.objects.filter(kind=high).update(chance=0.167)
        shown = page(ada)
        asked = shown[shown.index('id="asks"') :]
        assert asked.index("17%") < asked.index("15%"), (low, high)
