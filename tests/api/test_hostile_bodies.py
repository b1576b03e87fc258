"""Texts and numbers that no database keeps are refused as problems; nothing is stored."""

import json

import pytest

from dangol.api.actions import make_token
from dangol.cases.models import Case
from dangol.cases.tests.factories import a_case

BODIES = {
    "NUL": b'{"text": "a\\u0000b"}',
    "NUL in a key": b'{"text": "a", "x\\u0000": 1}',
    "half a pair": b'{"text": "\\ud800"}',
    "not UTF-8": b'{"text": "\xb0\xa1"}',
    "NaN": b'{"text": NaN}',
    "infinite": b'{"text": 1e999}',
    "5,000 digits": b'{"text": ' + b"9" * 5000 + b"}",
    "deep": b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a list": b"[]",
    "nothing": b"",
    "broken": b'{"text": "',
}


@pytest.fixture
def ask(client, world):
    """Send bytes as Anna."""
    secret = make_token(
        world.anna,
        name="t",
        abilities=["cases.see", "cases.work", "customers.see"],
        days=1,
        by=world.anna,
    )[1]

    def send(method, path, body, **headers):
        headers = {"Authorization": f"Bearer {secret}"} | headers
        return client.generic(
            method, f"/api/v1{path}", body, content_type="application/json", headers=headers
        )

    return send


@pytest.mark.parametrize("name", BODIES)
def test_what_cannot_be_kept_is_refused_as_a_problem(ask, world, name):
    case = a_case(world)
    answer = ask("POST", f"/cases/{case.pk}/notes", BODIES[name], **{"Idempotency-Key": name})
    assert answer.status_code in {400, 422}
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not case.notes.exists()


@pytest.mark.parametrize(
    "text", ["👩‍👩‍👧‍👦", "‮نص", "=cmd|' /C calc'!A0", "<script>alert(1)</script>"]
)
def test_odd_but_honest_text_is_kept_as_it_was_sent(ask, world, text):
    case = a_case(world)
    answer = ask("POST", f"/cases/{case.pk}/notes", json.dumps({"text": text}))
    assert answer.status_code == 201
    assert answer.json()["text"] == case.notes.get().text == text


def test_a_text_longer_than_its_column_names_the_field(ask, world):
    case = a_case(world)
    body = {
        "customer_id": str(case.customer_id), "place_id": str(case.place_id),
        "category_id": str(case.category_id), "title": "긴" * 100_000,
    }  # fmt: skip
    answer = ask("POST", "/cases", json.dumps(body))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"].endswith("title")
    assert Case.objects.count() == 1


@pytest.mark.parametrize(
    "query", ["after=%00", "after=%ff", "limit=99999999999999999999", "limit=-1", "open=%00", "after=" + "a" * 3000]
)  # fmt: skip
def test_a_query_that_means_nothing_is_a_problem(ask, query):
    answer = ask("GET", f"/cases?{query}", b"")
    assert answer.status_code in {400, 422}
    assert answer.headers["Content-Type"] == "application/problem+json"
