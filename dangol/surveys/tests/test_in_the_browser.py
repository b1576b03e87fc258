"""Designing and answering with a real browser."""

import os

import pytest
from django.test import Client
from playwright.sync_api import expect, sync_playwright

from dangol.surveys.actions import invite, make_default_surveys
from dangol.surveys.models import Response
from dangol.surveys.storing import stored_answers
from dangol.surveys.tests.factories import begun
from tests.world import build

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture
def browser(monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as playwright:
        chosen = os.environ.get("DANGOL_CHROMIUM", "/usr/bin/chromium")
        opened = playwright.chromium.launch(executable_path=chosen, args=FLAGS)
        yield opened
        opened.close()


def page_of(browser, live_server, user=None, **more):
    """A page, signed in, that fails on any script error."""
    context = browser.new_context(**more)
    if user:
        client = Client()
        client.force_login(user)
        value = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
    page = context.new_page()
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("console", lambda said: "Security Policy" in said.text and page.wrong.append(said.text))
    return page


def test_a_customer_answers_on_a_phone_with_branching(browser, live_server):
    world, surveys = build(), make_default_surveys()
    response = begun(surveys["confirmation"], world.place("GANGNAM"))
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = page_of(browser, live_server, **phone)
    page.goto(f"{live_server.url}/s/{invite(response, by=world.ada)}/")
    assert not page.locator("[data-question=remaining]").is_visible()
    page.locator("[data-question=solved] label").nth(1).tap()
    page.locator("[data-question=remaining] textarea").fill("아직 소음이 나요")
    assert not page.locator("[data-question=handling]").is_visible()
    page.get_by_role("button", name="보내기").tap()
    page.wait_for_selector("text=감사합니다")
    assert stored_answers(response) == {"solved": False, "remaining": "아직 소음이 나요"}
    assert page.wrong == []


def test_the_same_page_without_scripts(browser, live_server):
    world, surveys = build(), make_default_surveys()
    response = begun(surveys["confirmation"], world.place("GANGNAM"))
    page = page_of(browser, live_server, java_script_enabled=False)
    page.goto(f"{live_server.url}/s/{invite(response, by=world.ada)}/")
    page.locator("[data-question=solved] input").nth(1).check(force=True)
    page.get_by_role("button", name="보내기").click()
    page.locator("[data-question=remaining] textarea").fill("소음")
    page.get_by_role("button", name="보내기").click()
    assert stored_answers(response) == {"solved": False, "remaining": "소음"}


def test_number_keys_answer_a_correction(browser, live_server):
    from dangol.surveys.tests.factories import BAD, completed

    world, surveys = build(), make_default_surveys()
    response = completed(surveys["sales"], world.place("GANGNAM"), BAD)
    page = page_of(browser, live_server, world.sue)
    page.goto(f"{live_server.url}/answers/{response.pk}/")
    page.keyboard.press("e")
    page.locator("[data-question=reception] input").nth(1).focus()
    for key in "44445":
        page.keyboard.press(key)
    # a good answer closes the branch "what fell short?"
    assert not page.locator("[data-question=why]").is_visible()
    page.fill("#why", "misheard")
    page.get_by_role("button", name="정정", exact=True).click()
    page.wait_for_selector("text=정정했어요")
    answers = stored_answers(response)
    assert [
        answers[k] for k in ("reception", "explanation", "contract", "delivery", "overall")
    ] == [4, 4, 4, 4, 5]
    assert "why" not in answers and page.wrong == []


def test_designing_by_keyboard_and_publishing(browser, live_server):
    world, surveys = build(), make_default_surveys()
    survey = surveys["confirmation"]
    page = page_of(browser, live_server, world.sue)
    page.goto(f"{live_server.url}/surveys/{survey.pk}/")
    page.get_by_text("질문 추가").click()
    page.locator("[data-add=scale]").click()
    page.fill("[data-path='text.ko']", "다시 찾아 주시겠어요?")
    page.fill("[data-path='key']", "return_again")
    page.locator("[data-rule=question]").select_option("solved")
    page.locator("[data-rule=value]").select_option("true")
    rows = page.locator("[data-question-list] [data-choose]")
    rows.nth(3).focus()
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_selector("text=임시 저장됨")
    expect(page.locator("[data-preview] [data-question]")).to_have_count(4)
    # the preview branches: the new question appears with "yes"
    preview = page.locator("[data-preview] [data-question=return_again]")
    assert not preview.is_visible()
    page.locator("[data-preview] [data-question=solved] input").first.check(force=True)
    assert preview.is_visible()
    page.get_by_role("button", name="게시").first.click()
    page.locator("#publish").get_by_role("button", name="게시").click()
    page.wait_for_selector("text=지금부터 버전 2")
    version = survey.versions.last()
    assert version.number == 2 and version.published_at
    assert [q["key"] for q in version.body] == ["solved", "handling", "return_again", "remaining"]
    assert version.body[2]["show_if"] == {"question": "solved", "op": "eq", "value": True}
    assert page.wrong == []
    assert Response.objects.count() == 0
