"""The comparisons' arithmetic is the engine's."""

from __future__ import annotations

import random

import duckdb
import pytest

from dangol.identity.matching.comparisons import NAME
from dangol.identity.matching.distances import distance, jaro_winkler, turns
from dangol.identity.matching.splink_model import read_parameters
from dangol.identity.matching.usual import USUAL
from dangol.identity.reading.people import read_person


def test_distances_and_likeness_are_those_of_the_engine() -> None:
    rng = random.Random(7)
    words = ["".join(rng.choice("abcdAB1") for _ in range(rng.randint(0, 9))) for _ in range(3000)]
    con = duckdb.connect()
    for a, b in zip(words[::2], words[1::2], strict=True):
        row = con.execute(
            "select levenshtein(?, ?), damerau_levenshtein(?, ?), jaro_winkler_similarity(?, ?)",
            [a, b, a, b, a, b],
        ).fetchone()
        assert row is not None
        assert (distance(a, b), turns(a, b)) == row[:2] or not (a and b) or turns(a, b) > 2, (
            a,
            b,
            row,
        )
        if a or b:
            assert jaro_winkler(a, b) == pytest.approx(row[2], abs=1e-9), (a, b)


def test_a_field_that_no_record_has_teaches_nothing() -> None:
    levels = [
        {"label_for_charts": label, "m_probability": m, "u_probability": u}
        for label, m, u in (("same", 0.95, None), ("typo", 0.03, None), ("else", 0.02, None))
    ]
    seen = [
        {"label_for_charts": label, "m_probability": m, "u_probability": u}
        for label, m, u in (("same", 0.9, None), ("else", 0.1, 0.99))
    ]
    read = read_parameters(
        {
            "probability_two_random_records_match": 0.001,
            "comparisons": [
                {"output_column_name": "number", "comparison_levels": levels},
                {"output_column_name": "gender", "comparison_levels": seen},
            ],
        },
        USUAL,
    )
    assert read.weight("number", "else") < 0 < read.weight("number", "same")
    assert read.u["gender.same"] == 1e-06 and read.u["gender.else"] == 0.99


@pytest.mark.parametrize(
    ("latin", "hangul", "sounds"),
    [
        ("Kim Youngil", "김영일", True),
        ("Kim Young Eel", "김영일", True),
        ("Kim Youngil", "김성일", False),  # another consonant is another name
        ("Kim Youngil", "김경일", False),
        ("Park Mincheol", "박민철", True),
        ("Park Mincheol", "박인철", False),
    ],
)
def test_a_name_in_other_letters_sounds_the_same_only_with_its_consonants(
    latin: str, hangul: str, sounds: bool
) -> None:
    a, b = (read_person({"name": name}, 2026)[0] for name in (latin, hangul))
    level = next(one for one in NAME.levels if one.holds(a, b))
    assert (level.key == "sound") is sounds, level.key
