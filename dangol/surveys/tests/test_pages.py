import json

import pytest
from django.test import Client

from dangol.core.models import AccessEntry
from dangol.surveys.actions import invite, make_default_surveys
from dangol.surveys.models import Draft, Response
from dangol.surveys.storing import stored_answers
from dangol.surveys.tests.factories import BAD, GOOD, begun, completed


@pytest.fixture
def surveys(world):
    return make_default_surveys(by=world.anna)


def sent(answers):
    """Answers as a form sends them."""
    return {
        f"q-{k}": {True: "yes", False: "no"}.get(v, v) if isinstance(v, bool) else v
        for k, v in answers.items()
    }


def test_the_list_shows_answers_of_the_own_scope_only(world, surveys, client):
    mine = completed(surveys["sales"], world.place("GANGNAM"), GOOD)
    other = completed(surveys["sales"], world.place("HAEUNDAE"), BAD)
    client.force_login(world.grace)
    page = client.get("/answers/").content.decode()
    assert str(mine.pk) in page and str(other.pk) not in page and "92.5" in page
    assert "홍길동" not in page and "홍*동" in page
    assert client.get(f"/answers/{other.pk}/").status_code == 404
    assert client.get(f"/answers/{mine.pk}/").status_code == 200
    assert AccessEntry.objects.filter(by=world.grace, subjects=[mine.customer_id]).exists()
    client.force_login(world.mark)
    assert client.get("/answers/").status_code == 403


def test_filters_find_the_answers_behind_a_figure(world, surveys, client):
    low = completed(surveys["sales"], world.place("GANGNAM"), BAD)
    high = completed(surveys["sales"], world.place("MAPO"), GOOD)
    client.force_login(world.anna)

    def listed(query):
        page = client.get(f"/answers/?{query}").content.decode()
        return {r.pk for r in (low, high) if str(r.pk) in page}

    assert listed("place=SEOUL&process=sales&day_from=2026-11-20&day_to=2026-11-20") == {
        low.pk,
        high.pk,
    }
    assert listed("place=MAPO") == {high.pk}
    assert listed("score_to=50") == {low.pk}
    assert listed("day_from=2026-11-21") == set()
    assert listed("words=1") == {low.pk}
    assert listed("process=service") == set()


def test_the_page_of_a_response_has_answers_call_and_late_answers(
    world, surveys, client, django_assert_max_num_queries
):
    response = completed(surveys["sales"], world.place("GANGNAM"), BAD, by=world.ada)
    Draft.objects.create(response=response, answers=GOOD, saved_by=world.bob)
    client.force_login(world.sue)
    with django_assert_max_num_queries(12):
        page = client.get(f"/answers/{response.pk}/").content.decode()
    assert "약속한 날보다 늦었어요" in page and "17.5" in page and world.bob.name in page


def test_a_correction_through_the_page_changes_the_answers(world, surveys, client):
    response = completed(surveys["sales"], world.place("GANGNAM"), BAD)
    client.force_login(world.sue)
    refused = client.post(f"/answers/{response.pk}/correction/", {"q-overall": "9", "reason": "x"})
    assert refused.status_code == 422 and stored_answers(response) == BAD
    done = client.post(f"/answers/{response.pk}/correction/", sent(GOOD) | {"reason": "misheard"})
    assert done.status_code == 302 and stored_answers(response) == GOOD
    client.force_login(world.grace)
    assert client.post(f"/answers/{response.pk}/withdrawal/", {"reason": "no"}).status_code == 403
    response.refresh_from_db()
    assert response.withdrawn_at is None


def test_the_desk_keeps_drafts_and_completes(world, surveys, client):
    response = begun(surveys["confirmation"], world.place("GANGNAM"), world.ada)
    client.force_login(world.ada)
    assert client.post(f"/answers/{response.pk}/draft/", {"q-solved": "no"}).status_code == 204
    assert Draft.objects.get().answers == {"solved": False}
    refused = client.post(f"/answers/{response.pk}/completion/", {"q-solved": "no"})
    assert refused.status_code == 422 and set(refused.json()["errors"]) == {"remaining"}
    done = client.post(
        f"/answers/{response.pk}/completion/", {"q-solved": "no", "q-remaining": "소음"}
    )
    assert done.json() == {"completed": True}
    assert stored_answers(response) == {"solved": False, "remaining": "소음"}
    assert client.post(f"/answers/{response.pk}/draft/", {"q-solved": "yes"}).status_code == 409
    assert (
        client.post(f"/answers/{response.pk}/completion/", {"q-solved": "yes"}).status_code == 200
    )
    assert stored_answers(response) == {"solved": False, "remaining": "소음"}
    client.force_login(world.eve)
    assert client.post(f"/answers/{response.pk}/draft/", {}).status_code == 403


def test_a_customer_answers_by_a_personal_link_without_scripts(world, surveys, client):
    response = begun(surveys["confirmation"], world.place("GANGNAM"))
    url = f"/s/{invite(response, by=world.ada)}/"
    page = client.get(url).content.decode()
    assert "말씀하신 문제가 해결되었나요?" in page and 'value="solved"' in page
    # "no" brings up a question that was hidden: it is asked before anything is stored
    again = client.post(url, {"q-solved": "no", "shown": "solved"})
    assert again.status_code == 200 and "solved remaining" in again.content.decode()
    missing = client.post(url, {"q-solved": "no", "shown": "solved remaining"})
    assert (
        missing.status_code == 422
        and not Response.objects.filter(completed_at__isnull=False).exists()
    )
    done = client.post(url, {"q-solved": "no", "q-remaining": "소음", "shown": "solved remaining"})
    assert done.status_code == 200 and "감사" in done.content.decode()
    assert stored_answers(response) == {"solved": False, "remaining": "소음"}
    client.post(url, {"q-solved": "yes", "shown": "solved handling"})
    assert stored_answers(response) == {"solved": False, "remaining": "소음"}


def test_a_customer_without_cookies_answers_too(world, surveys):
    response = begun(surveys["confirmation"], world.place("GANGNAM"))
    url = f"/s/{invite(response, by=world.ada)}/"
    client = Client(enforce_csrf_checks=True)
    sent = {"q-solved": "no", "q-remaining": "소음", "shown": "solved remaining"}
    assert client.post(url, sent).status_code == 200
    assert stored_answers(response) == {"solved": False, "remaining": "소음"}
    again = client.post(url, sent | {"q-remaining": "다른 말"})
    assert again.status_code == 200
    assert stored_answers(response) == {"solved": False, "remaining": "소음"}


def test_a_link_that_is_wrong_or_old_opens_nothing(world, surveys, client):
    from datetime import timedelta

    response = begun(surveys["sales"], world.place("GANGNAM"))
    assert client.get("/s/guessed-token/").status_code == 404
    old = invite(response, by=world.ada, life=timedelta(seconds=-1))
    assert client.get(f"/s/{old}/").status_code == 410
    assert client.post(f"/s/{old}/", sent(GOOD)).status_code == 410
    response.refresh_from_db()
    assert response.completed_at is None


def test_designing_keeps_a_draft_and_publishing_asks_it(world, surveys, client):
    survey = surveys["confirmation"]
    client.force_login(world.sue)
    body = survey.versions.get().body
    changed = [*body, {"key": "more", "type": "text", "text": {"ko": "더 있나요?"}}]

    def save(body, revision):
        return client.post(
            f"/surveys/{survey.pk}/draft/", json.dumps({"body": body, "revision": revision}),
            content_type="application/json",
        )  # fmt: skip

    assert save(changed, 0).json() == {"number": 2, "revision": 1}
    assert save([*changed, {"key": "more", "type": "text"}], 1).status_code == 422
    assert save(body, 7).status_code == 409
    assert survey.versions.last().body == changed
    assert client.post(f"/surveys/{survey.pk}/publication/").status_code == 302
    assert survey.versions.last().published_at is not None
    assert "더 있나요?" in client.get(f"/surveys/{survey.pk}/versions/").content.decode()
    assert client.get(f"/surveys/{survey.pk}/").status_code == 200
    client.force_login(world.alan)
    assert save(body, 0).status_code == 403


def test_survey_and_index_pages(world, surveys, client):
    client.force_login(world.sue)
    assert "구매 해피콜" in client.get("/surveys/").content.decode()
    page = client.get("/surveys/index/sales/").content.decode()
    assert "30 × 전반" in page
    given = {
        "key": ["overall", "nps"],
        "ko": ["전반", "추천"],
        "en": ["", ""],
        "weight": ["2", "x"],
    }
    assert client.post("/surveys/index/sales/", given).status_code == 422
    assert client.post("/surveys/index/sales/", given | {"weight": ["2", "1"]}).status_code == 302
    assert client.get("/surveys/index/nothing/").status_code == 404
    made = client.post("/surveys/new/", {"title": "사기 조사", "process": "other", "key": "morale"})
    assert made.status_code == 302
    assert (
        client.post(
            "/surveys/new/", {"title": "또", "process": "other", "key": "morale"}
        ).status_code
        == 422
    )
    client.force_login(world.ada)
    assert client.get("/surveys/").status_code == 403


def test_the_file_of_answers_tells_the_index_in_points(world, surveys, client):
    completed(surveys["sales"], world.place("GANGNAM"), GOOD)
    client.force_login(world.anna)
    body = b"".join(client.get("/answers/?export=csv")).decode()
    assert ",92.5," in body and "92500" not in body
