"""A page left open longer than its session."""

import pytest
from django.test import Client


@pytest.mark.django_db
def test_a_stranger_with_a_script_stays_on_the_page_and_one_with_a_form_returns_to_it(client):
    script = client.post("/desk/draft/", HTTP_HX_REQUEST="true")
    assert (script.status_code, script.headers.get("HX-Redirect")) == (401, None)
    sent = client.post("/desk/next/", HTTP_REFERER="http://testserver/desk/?a=1")
    assert sent.headers["Location"] == "/accounts/login/?next=/desk/"
    assert client.get("/session/").json()["person"] == ""


def test_an_old_token_is_refused_in_words_and_renewed_for_scripts(world):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.ada)
    refused = strict.post("/desk/next/", {"csrfmiddlewaretoken": "x" * 64})
    assert refused.status_code == 403
    assert "저장된 것은 없어요" in refused.content.decode()
    assert strict.post("/desk/next/", HTTP_HX_REQUEST="true").status_code == 401
    told = strict.get("/session/").json()
    assert told["person"] == str(world.ada.pk)
    fresh = strict.post("/desk/auto-dial/", {"on": "1"}, headers={"X-CSRFToken": told["csrf"]})
    assert fresh.status_code == 204


def test_a_language_chosen_before_signing_in_stays(world, client, settings):
    world.ada.set_password("correct-horse-1")
    world.ada.save()
    client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    client.post("/accounts/login/", {"login": world.ada.email, "password": "correct-horse-1"})
    world.ada.refresh_from_db()
    assert world.ada.language == "en"
    assert 'lang="en"' in client.get("/desk/").text


@pytest.mark.django_db
def test_a_host_that_is_not_ours_is_refused_in_words(client):
    answer = client.get("/accounts/login/", headers={"Host": "crm.example.com"})
    assert answer.status_code == 400
    assert "400" in answer.text
