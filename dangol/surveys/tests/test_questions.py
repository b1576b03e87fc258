import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dangol.surveys.defaults import SURVEYS
from dangol.surveys.design import checked_body, differing
from dangol.surveys.questions import asked, checked, scored

BODY = [
    {"key": "a", "type": "yesno", "text": {"ko": "가"}, "required": True},
    {"key": "b", "type": "multi", "text": {"ko": "나"}, "show_if": {"question": "a", "op": "eq", "value": True},
     "options": [{"value": "x", "text": {"ko": "x"}}, {"value": "y", "text": {"ko": "y"}}]},
    {"key": "c", "type": "text", "text": {"ko": "다"}, "required": True,
     "show_if": {"any": [{"question": "b", "op": "eq", "value": "x"}, {"question": "a", "op": "eq", "value": False}]}},
    {"key": "m", "type": "matrix", "text": {"ko": "라"}, "scale": {"low": 1, "high": 3},
     "rows": [{"key": "one", "text": {"ko": "1"}, "item": "price"}, {"key": "two", "text": {"ko": "2"}}]},
]  # fmt: skip


def keys(answers):
    return [q["key"] for q in asked(BODY, answers)]


def test_branching_follows_the_answers_that_were_asked_for():
    assert keys({}) == ["a", "m"]
    assert keys({"a": True}) == ["a", "b", "m"]
    assert keys({"a": True, "b": ["x"]}) == ["a", "b", "c", "m"]
    assert keys({"a": False, "b": ["x"]}) == ["a", "c", "m"]
    # an answer left over from a branch that was left asks nothing
    assert keys({"b": ["x"]}) == ["a", "m"]
    assert keys({"a": 1}) == ["a", "m"]


def test_a_matrix_is_scored_row_by_row():
    valid = checked(BODY, {"a": True, "m": {"one": 3, "two": 2, "three": 1}})
    rows = {s.question: (s.item, s.value, s.score) for s in scored(BODY, valid)}
    assert rows["m.one"] == ("price", 3, 100_000) and rows["m.two"] == ("", 2, 50_000)
    assert "m.three" not in rows


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["a", "b", "c", "m", "z"]),
        st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=4), st.lists(st.text(max_size=4)),
                  st.dictionaries(st.text(max_size=4), st.integers())),
    )
)  # fmt: skip
def test_any_input_is_stored_validly_or_refused_by_question(answers):
    try:
        valid = checked(BODY, answers)
    except ValidationError as refusal:
        assert set(refusal.message_dict) <= {"a", "b", "c", "m"}
    else:
        assert checked(BODY, valid) == valid
        assert all(s.score is None or 0 <= s.score <= 100_000 for s in scored(BODY, valid))


def test_the_default_surveys_are_in_their_kept_form():
    for survey in SURVEYS:
        for given_, kept in zip(survey["body"], checked_body(survey["body"]), strict=True):
            meant = {k: v for k, v in given_.items() if v is not False}
            if given_["type"] == "nps":
                meant["scale"] = {"low": 0, "high": 10, **given_["scale"]}
            assert kept == meant


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "A", "type": "text", "text": {"ko": "가"}},
        {"key": "a", "type": "text", "text": {"ko": "가"}},
        {"key": "z", "type": "song", "text": {"ko": "가"}},
        {"key": "z", "type": "text", "text": {}},
        {"key": "z", "type": "scale", "text": {"ko": "가"}, "scale": {"low": 1, "high": 1}},
        {"key": "z", "type": "scale", "text": {"ko": "가"}, "scale": {"low": 0, "high": 99}},
        {"key": "z", "type": "choice", "text": {"ko": "가"}, "options": []},
        {
            "key": "z",
            "type": "text",
            "text": {"ko": "가"},
            "show_if": {"question": "later", "op": "eq"},
        },
        {
            "key": "z",
            "type": "text",
            "text": {"ko": "가"},
            "show_if": {"question": "a", "op": "eval"},
        },
        {"key": "z", "type": "text", "text": {"ko": "가"}, "show_if": {"any": "x"}},
        {"key": "z", "type": "matrix", "text": {"ko": "가"}, "rows": "x"},
    ],
)
def test_a_wrong_question_is_refused(wrong):
    with pytest.raises(ValidationError):
        checked_body([BODY[0], wrong])


def test_what_changed_between_versions():
    after = [
        BODY[1],
        {**BODY[0], "text": {"ko": "바뀜"}},
        BODY[3],
        {"key": "n", "type": "text", "text": {"ko": "새"}},
    ]
    assert sorted(differing(BODY, after)) == [
        ("a", "changed", ["text"]), ("b", "moved", []), ("c", "removed", []), ("n", "added", []),
    ]  # fmt: skip
