"""How two records of organisations are compared, from the same to different, as SQL and as Python."""

from __future__ import annotations

from dangol.identity.matching.comparisons import ADDRESS, Comparison, Level
from dangol.identity.matching.distances import distance, edits, near, turns

ELSE = Level("else", "", lambda a, b: True)

NAME = Comparison(
    "name",
    "name_l = '' or name_r = ''",
    lambda a, b: not a.name or not b.name,
    (
        Level("same", "name_l = name_r", lambda a, b: a.name == b.name, "name"),
        Level(
            "sound",
            "(latin_l or latin_r) and length(sound_l) >= 5 and length(sound_r) >= 5"
            " and levenshtein(sound_l, sound_r) <= 1",
            lambda a, b: (a.latin or b.latin) and len(a.sound) >= 5 and len(b.sound) >= 5
            and distance(a.sound, b.sound) <= 1,
        ),
        Level(
            "typo",
            "length(name_l) >= 8 and length(name_r) >= 8 and levenshtein(name_l, name_r) <= 1",
            lambda a, b: len(a.name) >= 8 and len(b.name) >= 8 and distance(a.name, b.name) <= 1,
        ),
        Level(
            "part",
            "length(name_l) >= 6 and length(name_r) >= 6"
            " and (starts_with(name_l, name_r) or starts_with(name_r, name_l))",
            lambda a, b: len(a.name) >= 6 and len(b.name) >= 6
            and (a.name.startswith(b.name) or b.name.startswith(a.name)),
        ),
        ELSE,
    ),
)  # fmt: skip

BRANCH = Comparison(
    "branch",
    "branch_l = '' and branch_r = ''",
    lambda a, b: not a.branch and not b.branch,
    (
        Level("same", "branch_l = branch_r", lambda a, b: a.branch == b.branch),
        Level("one", "branch_l = '' or branch_r = ''", lambda a, b: not a.branch or not b.branch),
        ELSE,
    ),
)

REGISTRATION = Comparison(
    "registration",
    "registration_l = '' and misread_l = '' or registration_r = '' and misread_r = ''",
    lambda a, b: not (a.registration or a.misread) or not (b.registration or b.misread),
    (
        Level(
            "same", "registration_l = registration_r and registration_l <> ''",
            lambda a, b: a.registration == b.registration != "",
        ),
        Level(
            "typo",
            "(misread_l <> '' or misread_r <> '') and"
            " damerau_levenshtein(registration_l || misread_l, registration_r || misread_r) <= 1",
            lambda a, b: bool(a.misread or b.misread)
            and turns(a.registration + a.misread, b.registration + b.misread) <= 1,
        ),
        ELSE,
    ),
)  # fmt: skip

CORPORATE = Comparison(
    "corporate",
    "corporate_l = '' or corporate_r = ''",
    lambda a, b: not a.corporate or not b.corporate,
    (
        Level("same", "corporate_l = corporate_r", lambda a, b: a.corporate == b.corporate),
        Level("typo", edits("corporate", "1"), lambda a, b: near(a.corporate, b.corporate)),
        ELSE,
    ),
)

PHONE = Comparison(
    "phone",
    "phone_l = '' or phone_r = ''",
    lambda a, b: not a.phone or not b.phone,
    (
        Level(
            "same", "phone_l = phone_r or phone_l = phone2_r or phone2_l = phone_r",
            lambda a, b: a.phone == b.phone or a.phone == b.phone2 or a.phone2 == b.phone,
        ),
        Level(
            "line",
            "length(phone_l) >= 9 and length(phone_l) = length(phone_r)"
            " and substr(phone_l, 1, length(phone_l) - 2) = substr(phone_r, 1, length(phone_r) - 2)",
            lambda a, b: len(a.phone) >= 9 and len(a.phone) == len(b.phone)
            and a.phone[:-2] == b.phone[:-2],
        ),
        Level("typo", edits("phone", "1"), lambda a, b: near(a.phone, b.phone)),
        ELSE,
    ),
)  # fmt: skip

EMAIL = Comparison(
    "email",
    "(email_l = '' or email_r = '') and (domain_l = '' or domain_r = '')",
    lambda a, b: (not a.email or not b.email) and (not a.domain or not b.domain),
    (
        Level("same", "email_l = email_r and email_l <> ''", lambda a, b: a.email == b.email != ""),
        Level(
            "domain", "domain_l = domain_r and domain_l <> ''",
            lambda a, b: a.domain == b.domain != "",
        ),
        ELSE,
    ),
)  # fmt: skip

OWNER = Comparison(
    "owner",
    "owner_l = '' or owner_r = ''",
    lambda a, b: not a.owner or not b.owner,
    (
        Level("same", "owner_l = owner_r", lambda a, b: a.owner == b.owner),
        Level(
            "typo", "length(owner_l) >= 6 and length(owner_r) >= 6 and levenshtein(owner_l, owner_r) <= 1",
            lambda a, b: len(a.owner) >= 6 and len(b.owner) >= 6 and distance(a.owner, b.owner) <= 1,
        ),
        ELSE,
    ),
)  # fmt: skip

ORGANISATIONS = (NAME, BRANCH, REGISTRATION, CORPORATE, PHONE, EMAIL, OWNER, ADDRESS)
