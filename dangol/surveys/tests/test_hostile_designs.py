"""Questions, rules and weights that nobody honest sends to the designer."""

import json

import pytest

from dangol.surveys.actions import create_survey
from dangol.surveys.models import Index


@pytest.fixture
def survey(world):
    return create_survey(key="hostile", title="고약한", process="other", by=world.anna)


DEEP = '{"all": [' * 400 + '{"question": "q1", "op": "answered"}' + "]}" * 400


@pytest.mark.parametrize(
    "rule",
    [r'{"question": "q1", "op": "eq", "value": "\u0000"}', '{"question": "q1", "value": NaN}',
     r'{"question": "q1", "op": "eq", "value": "\ud800"}', DEEP, DEEP * 20],
)  # fmt: skip
def test_what_could_not_be_stored_is_refused(world, client, survey, rule):
    client.force_login(world.anna)
    first = '{"key": "q1", "type": "text", "text": {"ko": "가"}}'
    second = '{"key": "q2", "type": "text", "text": {"ko": "나"}, "show_if": ' + rule + "}"
    for page in ("draft", "preview"):
        answer = client.post(
            f"/surveys/{survey.pk}/{page}/", f'{{"body": [{first}, {second}]}}',
            content_type="application/json",
        )  # fmt: skip
        assert answer.status_code == 400
    assert survey.versions.get().body == []


def test_scales_and_weights_that_no_table_holds_are_refused(world, client, survey):
    client.force_login(world.anna)
    body = [
        {
            "key": "q1",
            "type": "scale",
            "text": {"ko": "가"},
            "scale": {"low": 10**400, "high": 10**400 + 4},
        }
    ]
    answer = client.post(
        f"/surveys/{survey.pk}/draft/", json.dumps({"body": body}), content_type="application/json"
    )
    assert answer.status_code == 422
    for weight in ("²", "9" * 5000):
        given = {"key": "a", "ko": "가", "en": "", "weight": weight}
        assert client.post("/surveys/index/other/", given).status_code == 422
    assert not Index.objects.filter(process="other").exists()
