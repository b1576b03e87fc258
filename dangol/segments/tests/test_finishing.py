"""A rule that is being made: what is unfinished is left out of the count and told."""

import pytest

from dangol.segments.finishing import finished
from dangol.segments.reading import BadRule

TWICE = {"count": {"of": "transactions", "days": 365}, "from": 2}
OPEN = {"attribute": "kind"}
HALF = {"count": {"of": "transactions", "where": [{"column": "kind"}]}, "from": 1}
EVER = {"count": {"of": "transactions"}, "from": 1}


@pytest.mark.parametrize(
    ("given", "left", "paths"),
    [
        ({"all": [TWICE]}, {"all": [TWICE]}, []),
        ({"all": [OPEN, TWICE]}, {"all": [TWICE]}, [("all", 0, "attribute")]),
        ({"all": [OPEN]}, {"all": []}, [("all", 0, "attribute")]),
        ({"any": [OPEN]}, {"all": []}, [("any", 0, "attribute")]),
        ({"all": [HALF]}, {"all": [EVER]}, [("all", 0, "count", "where", 0)]),
        ({"all": [{"not": OPEN}, TWICE]}, {"all": [TWICE]}, [("all", 0, "not", "attribute")]),
        ({"all": [TWICE, {"any": [OPEN]}]}, {"all": [TWICE]}, [("all", 1, "any", 0, "attribute")]),
        (
            {"minus": [{"all": [TWICE]}, {"any": [OPEN]}]}, {"all": [TWICE]},
            [("minus", 1, "any", 0, "attribute")],
        ),
        (
            {"minus": [{"all": [OPEN]}, TWICE]}, {"minus": [{"all": []}, TWICE]},
            [("minus", 0, "all", 0, "attribute")],
        ),
        (
            {"all": [OPEN, {"minus": [OPEN, OPEN]}, TWICE]}, {"all": [TWICE]},
            [("all", 0, "attribute"), ("all", 1, "minus", 0, "attribute"), ("all", 1, "minus", 1, "attribute")],
        ),
    ],
)  # fmt: skip
def test_only_what_is_unfinished_is_left_out(given, left, paths):
    _rule, what, problems = finished(given)
    assert what == left
    assert [path for path, _why in problems] == paths


def test_what_was_given_stays_as_it_was_and_nothing_at_all_is_refused():
    given = {"all": [OPEN, TWICE]}
    finished(given)
    assert given == {"all": [OPEN, TWICE]}
    for nothing in (None, [], OPEN, {"not": OPEN}, {"all": {}}, {"x": 1}):
        with pytest.raises(BadRule):
            finished(nothing)
