"""How two records of people are compared: each comparison's levels, from the same to different.

A level stands twice, as SQL for millions of pairs and as Python for one record at its arrival; a test
proves them equal over random records. Empty texts are unknown values: they say nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dangol.identity.matching.distances import (
    consonants,
    distance,
    edits,
    jaro_winkler,
    local,
    near,
    turns,
)

Test = Callable[[Any, Any], bool]
"""Whether two records of one kind are so."""


@dataclass(frozen=True, slots=True)
class Level:
    """One outcome of a comparison; the first one that holds is taken."""

    key: str
    sql: str
    holds: Test
    frequency: str = ""
    """The column whose rarity counts: an equal rare name says more than an equal common one."""
    crowd: bool = False
    """Only what a crowd of different names gave is weighed by how frequent it is, and says less."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One thing that is compared; `unknown` comes before all levels and has no weight."""

    key: str
    unknown_sql: str
    unknown: Test
    levels: tuple[Level, ...]


NAME = Comparison(
    "name",
    "name_l = '' or name_r = ''",
    lambda a, b: not a.name or not b.name,
    (
        Level("same", "name_l = name_r", lambda a, b: a.name == b.name, "name"),
        Level(
            "typo",
            "family_l = family_r and length(given_l) >= 4 and length(given_r) >= 4"
            " and not latin_l and not latin_r and levenshtein(given_l, given_r) <= 1",
            lambda a, b: a.family == b.family and len(a.given) >= 4 and len(b.given) >= 4
            and not a.latin and not b.latin and distance(a.given, b.given) <= 1,
        ),
        Level(
            "sound",
            "(latin_l or latin_r) and (family_l = family_r or family_l = '' or family_r = '')"
            " and length(sound_l) >= 2 and length(sound_r) >= 2 and levenshtein(sound_l, sound_r) <= 1"
            " and translate(sound_l, 'AEIO', '') = translate(sound_r, 'AEIO', '')",
            lambda a, b: (a.latin or b.latin) and (a.family == b.family or not a.family or not b.family)
            and len(a.sound) >= 2 and len(b.sound) >= 2 and distance(a.sound, b.sound) <= 1
            and consonants(a.sound) == consonants(b.sound),
        ),
        Level(
            "latin",
            "latin_l and latin_r and length(name_l) >= 8 and " + edits("name", "2"),
            lambda a, b: a.latin and b.latin and len(a.name) >= 8 and turns(a.name, b.name) <= 2,
        ),
        Level(
            "alike",
            "latin_l and latin_r and jaro_winkler_similarity(given_l, given_r) >= 0.8"
            " and (family_l = family_r or jaro_winkler_similarity(family_l, family_r) >= 0.8)",
            lambda a, b: a.latin and b.latin and jaro_winkler(a.given, b.given) >= 0.8
            and (a.family == b.family or jaro_winkler(a.family, b.family) >= 0.8),
        ),
        Level(
            "turned",
            "latin_l and latin_r and (jaro_winkler_similarity(given_l, family_r) >= 0.8"
            " and jaro_winkler_similarity(family_l, given_r) >= 0.8"
            " or name_l = given_r || family_r or name_r = given_l || family_l)",
            lambda a, b: a.latin and b.latin and (jaro_winkler(a.given, b.family) >= 0.8
            and jaro_winkler(a.family, b.given) >= 0.8
            or a.name == b.given + b.family or b.name == a.given + a.family),
        ),
        Level(
            "half",
            "(given_l = '' or given_r = '') and family_l = family_r"
            " or (family_l = '' or family_r = '') and given_l = given_r",
            lambda a, b: (not a.given or not b.given) and a.family == b.family
            or (not a.family or not b.family) and a.given == b.given,
        ),
        Level(
            "given",
            "given_l = given_r and length(given_l) >= 4",
            lambda a, b: a.given == b.given and len(a.given) >= 4,
        ),
        Level(
            "two_typos",
            "family_l = family_r and not latin_l and not latin_r and levenshtein(given_l, given_r) <= 2",
            lambda a, b: a.family == b.family and not a.latin and not b.latin
            and distance(a.given, b.given) <= 2,
        ),
        Level(
            "foreign",
            "latin_l <> latin_r and family_l = family_r and family_l <> ''",
            lambda a, b: a.latin != b.latin and a.family == b.family != "",
        ),
        Level(
            "family",
            "family_l = family_r and family_l <> ''",
            lambda a, b: a.family == b.family != "",
        ),
        Level("else", "", lambda a, b: True),
    ),
)  # fmt: skip

PHONE = Comparison(
    "phone",
    "phone_l = '' or phone_r = ''",
    lambda a, b: not a.phone or not b.phone,
    (
        Level(
            "same",
            "phone_l = phone_r or phone_l = phone2_r or phone2_l = phone_r",
            lambda a, b: a.phone == b.phone or a.phone == b.phone2 or a.phone2 == b.phone,
        ),
        Level(
            "typo",
            edits("phone", "1"),
            lambda a, b: near(a.phone, b.phone),
        ),
        Level("else", "", lambda a, b: True),
    ),
)

EMAIL = Comparison(
    "email",
    "email_l = '' or email_r = ''",
    lambda a, b: not a.email or not b.email,
    (
        Level("same", "email_l = email_r", lambda a, b: a.email == b.email),
        Level(
            "typo",
            edits("email", "1"),
            lambda a, b: near(a.email, b.email),
        ),
        Level(
            "local",
            "split_part(email_l, '@', 1) = split_part(email_r, '@', 1)",
            lambda a, b: local(a.email) == local(b.email),
        ),
        Level("else", "", lambda a, b: True),
    ),
)

BIRTH = Comparison(
    "birth",
    "birth_l = '' or birth_r = ''",
    lambda a, b: not a.birth or not b.birth,
    (
        Level("same", "birth_l = birth_r", lambda a, b: a.birth == b.birth, "birth", crowd=True),
        Level(
            "typo",
            edits("birth", "1"),
            lambda a, b: near(a.birth, b.birth),
        ),
        Level(
            "turned",
            "substr(birth_l, 1, 4) = substr(birth_r, 1, 4)"
            " and substr(birth_l, 5, 2) = substr(birth_r, 7, 2)"
            " and substr(birth_l, 7, 2) = substr(birth_r, 5, 2)",
            lambda a, b: a.birth[:4] == b.birth[:4] and a.birth[4:6] == b.birth[6:]
            and a.birth[6:] == b.birth[4:6],
        ),
        Level(
            "year",
            "substr(birth_l, 1, 4) = substr(birth_r, 1, 4)",
            lambda a, b: a.birth[:4] == b.birth[:4],
        ),
        Level("else", "", lambda a, b: True),
    ),
)  # fmt: skip

ADDRESS = Comparison(
    "address",
    "not ((building_l <> '' and building_r <> '') or (postcode_l <> '' and postcode_r <> ''))",
    lambda a, b: not ((a.building and b.building) or (a.postcode and b.postcode)),
    (
        Level(
            "unit",
            "building_l = building_r and building_l <> '' and unit_l = unit_r and unit_l <> ''",
            lambda a, b: a.building == b.building != "" and a.unit == b.unit != "",
        ),
        Level(
            "postcode_unit",
            "postcode_l = postcode_r and postcode_l <> '' and unit_l = unit_r and unit_l <> ''",
            lambda a, b: a.postcode == b.postcode != "" and a.unit == b.unit != "",
        ),
        Level(
            "building",
            "building_l = building_r and building_l <> ''",
            lambda a, b: a.building == b.building != "",
        ),
        Level(
            "line",
            "starts_with(building_l, '~') and starts_with(building_r, '~') and length(building_l) >= 10"
            " and " + edits("building", "3"),
            lambda a, b: a.building[:1] == b.building[:1] == "~" and len(a.building) >= 10
            and turns(a.building, b.building) <= 3,
        ),
        Level(
            "postcode",
            "postcode_l = postcode_r and postcode_l <> ''",
            lambda a, b: a.postcode == b.postcode != "",
        ),
        Level(
            "district",
            "split_part(building_l, '|', 1) = split_part(building_r, '|', 1)"
            " and split_part(building_l, '|', 1) <> ''",
            lambda a, b: a.building.split("|")[0] == b.building.split("|")[0] != "",
        ),
        Level(
            "postcode_typo",
            "postcode_l <> '' and postcode_r <> '' and " + edits("postcode", "1"),
            lambda a, b: a.postcode != "" and b.postcode != "" and turns(a.postcode, b.postcode) <= 1,
        ),
        Level("else", "", lambda a, b: True),
    ),
)  # fmt: skip

NUMBER = Comparison(
    "number",
    "number_l = '' or number_r = ''",
    lambda a, b: not a.number or not b.number,
    (
        Level("same", "number_l = number_r", lambda a, b: a.number == b.number),
        Level(
            "typo",
            edits("number", "case when length(number_l) >= 7 then 2 else 1 end"),
            lambda a, b: turns(a.number, b.number) <= (2 if len(a.number) >= 7 else 1),
        ),
        Level("else", "", lambda a, b: True),
    ),
)

GENDER = Comparison(
    "gender",
    "gender_l = '' or gender_r = ''",
    lambda a, b: not a.gender or not b.gender,
    (
        Level("same", "gender_l = gender_r", lambda a, b: a.gender == b.gender),
        Level("else", "", lambda a, b: True),
    ),
)

PEOPLE = (NAME, PHONE, EMAIL, NUMBER, BIRTH, ADDRESS, GENDER)
