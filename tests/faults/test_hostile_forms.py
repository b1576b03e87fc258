"""Every form of every page, filled in with what no honest person types; lists asked for nonsense."""

import pytest
from django.urls import reverse

from dangol.core.models import User
from dangol.customers.actions import add_customer
from dangol.customers.models import Customer
from tests.architecture.routes import ROUTES
from tests.architecture.test_routes import SPECIMENS
from tests.faults.pages import forms_of

SCRIPT = "<script>alert(1)</script>'\"><img src=x onerror=alert(1)>"
TEXTS = {
    "NUL": "a\x00b",
    "script": SCRIPT,
    "formula, emoji, right to left": "=cmd|' /C calc'!A0 👩‍👩‍👧‍👦\u202eنص\u200b {{ 7*7 }}{% load x %}${7}%s%n",
    "half a pair": "a\udc80b",
    "long": "긴" * 20_000,
    "number": "9" * 400,
}
NOT_FILLED = {"accounts", "language", "theme"}
PAGES = sorted(name for name, (_who, method, _about) in ROUTES.items() if method == "GET")


@pytest.fixture
def insider(client, world):
    """Anna also works at the desk."""
    client.force_login(world.anna)
    return client


def opened(client, name, world):
    """A page with its address, None for files and redirects."""
    address = reverse(name, args=SPECIMENS[ROUTES[name][2]](world))
    page = client.get(address)
    html = page.status_code == 200 and page.headers.get("Content-Type", "").startswith("text/html")
    return address, page.content.decode() if html and not page.streaming else None


def send(client, address, data):
    """A form as a browser would send it; lone surrogates go as bytes that are not UTF-8."""
    from urllib.parse import urlencode

    body = urlencode(data, encoding="utf-8", errors="surrogateescape")
    return client.post(address, body, content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("kind", TEXTS)
def test_no_form_breaks_and_nothing_is_run(kind, insider, world):
    text, sent = TEXTS[kind], 0
    for name in PAGES:
        address, html = opened(insider, name, world)
        for form in forms_of(html or "", address):
            if form.address.strip("/").split("/")[0] in NOT_FILLED:
                continue
            for everywhere in (False, True):
                answer = send(insider, form.address, form.filled(text, everywhere=everywhere))
                assert answer.status_code < 500, (name, form.address, kind)
                if not answer.streaming:
                    assert SCRIPT not in answer.content.decode(), (name, form.address)
                sent += 1
        if html and kind == "script":
            assert SCRIPT not in insider.get(address).content.decode(), name
    assert sent > 60
    assert User.objects.filter(pk=world.anna.pk, is_active=True).exists()


@pytest.mark.parametrize("kind", ["NUL", "script", "number"])
def test_no_list_breaks_whatever_it_is_asked(kind, insider, world):
    names = ["q", "sort", "after", "columns", "view", "place", "state", "from", "to", "days", "kind",
             "customer", "process", "export", "limit"]  # fmt: skip
    for name in PAGES:
        address = reverse(name, args=SPECIMENS[ROUTES[name][2]](world))
        for asked in (names, ["q"], ["after"], ["sort"]):
            answer = insider.get(address, dict.fromkeys(asked, TEXTS[kind]))
            assert answer.status_code < 500, (name, asked, kind)
            assert answer.streaming or SCRIPT not in answer.content.decode(), (name, asked)


def test_ten_megabytes_in_one_field_are_refused_or_kept_whole(insider, world):
    customer = add_customer(name="김철수", home_place=world.place("GANGNAM"), by=None)
    address = reverse("customers:edit", args=[customer.pk])
    [form] = [
        f for f in forms_of(insider.get(address).content.decode(), address) if "note" in f.fields
    ]
    data = form.filled("김철수", everywhere=False) | {"note": "x" * 10 * 2**20, "kind": "person"}
    answer = send(insider, form.address, data)
    assert answer.status_code < 500
    assert len(Customer.objects.get(pk=customer.pk).note) in {0, 10 * 2**20}
