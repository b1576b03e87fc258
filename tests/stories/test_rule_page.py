"""The page of case rules names the questions that surveys ask."""

from dangol.cases.actions import set_rule
from dangol.cases.tests.factories import a_category
from dangol.surveys.actions import make_default_surveys


def test_the_page_shows_words_and_offers_questions_by_name(client, world):
    make_default_surveys()
    set_rule(
        name="낮음", process="sales", question="overall", at_most=25, category=a_category(), by=None
    )
    client.force_login(world.anna)
    page = client.get("/cases/rules/").text
    assert "25점 이하" in page and "<optgroup" in page
