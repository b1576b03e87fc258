"""What a site manager of another branch, an old token and a used link can reach: nothing."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.test import Client
from django.utils import timezone

from dangol.api.actions import make_token
from dangol.api.models import Token
from dangol.cases.tests.factories import a_case
from dangol.ui.models import SavedView

MANAGER = ["customers.see", "cases.see", "cases.work", "answers.see"]


@pytest.fixture
def case(world):
    return a_case(world)


def ask(client: Client, secret: str, path: str, body=None):
    """GET, or POST with a body, as a program does."""
    headers = {"Authorization": f"Bearer {secret}"}
    if body is None:
        return client.get(f"/api/v1{path}", headers=headers)
    return client.post(f"/api/v1{path}", json.dumps(body), "application/json", headers=headers)


def test_the_api_hides_another_branch_and_shows_the_own(world, case, client):
    able = [a for a in MANAGER if world.eve.can(a)]
    theirs = make_token(world.eve, name="t", abilities=able, days=1, by=world.eve)[1]
    own = make_token(world.grace, name="t", abilities=able, days=1, by=world.grace)[1]
    for path in (f"/cases/{case.pk}", f"/customers/{case.customer_id}"):
        assert ask(client, theirs, path).status_code == 404
        assert ask(client, own, path).status_code == 200
    assert ask(client, theirs, "/cases").json()["items"] == []
    assert len(ask(client, own, "/cases").json()["items"]) == 1
    note = ask(client, theirs, f"/cases/{case.pk}/notes", {"text": "남의 건"})
    assert note.status_code == 404
    assert case.notes.count() == 0


def test_exports_and_saved_views_end_at_the_scope(world, case, client):
    client.force_login(world.grace)
    assert case.title in b"".join(client.get("/cases/?export=csv").streaming_content).decode(
        "utf-8-sig"
    )
    made = client.post(
        "/views/new/",
        {"name": "내 건", "list_key": "cases", "query": f"place={case.place_id}", "shared": "on"},
    )
    assert made.status_code < 400
    view = SavedView.objects.get()
    stranger = Client()
    stranger.force_login(world.eve)
    told = b"".join(stranger.get(f"/cases/?export=csv&place={case.place_id}").streaming_content)
    assert case.title not in told.decode("utf-8-sig")
    assert stranger.post(f"/views/{view.pk}/removal/").status_code == 404
    assert SavedView.objects.filter(pk=view.pk).exists()


def test_an_expired_and_a_foreign_token_open_nothing(world, case, client):
    token, secret = make_token(
        world.grace, name="t", abilities=["cases.see"], days=1, by=world.grace
    )
    assert ask(client, secret, "/cases").status_code == 200
    Token.objects.filter(pk=token.pk).update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    refused = ask(client, secret, "/cases")
    assert (refused.status_code, refused["Content-Type"]) == (401, "application/problem+json")
    assert ask(client, "dgl_made-up", "/cases").status_code == 401
