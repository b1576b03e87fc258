"""When two records of organisations are one without anybody's look, and when a question."""

from __future__ import annotations

from dataclasses import dataclass

from dangol.identity.matching.clusters import TWICE, Facts, Group, differ
from dangol.identity.reading.organisations import Organisation

ONE_NAME = frozenset({"same", "sound", "typo"})
NUMBERED = frozenset({*ONE_NAME, "part", ""})
"""Levels of the name that agree with one registration number."""
OFFICES = frozenset({"one", "else"})
"""Levels of the branch that tell two offices."""
ONE_DOOR = {"phone": ("same", "line"), "address": ("unit", "building")}
"""What one office has."""
BESIDES = {**ONE_DOOR, "owner": ("same",), "email": ("same", "domain")}
"""What makes one of another name with the same registration number: it was renamed."""
NEAR = {
    "phone": ("same", "line", "typo"),
    "address": ("unit", "postcode_unit", "building", "line", "postcode"),
    "email": ("same",), "registration": ("typo",), "corporate": ("same",),
}  # fmt: skip
"""What says more than that the name, the web domain and the representative are the same, as they are of
every branch."""


@dataclass(frozen=True, slots=True)
class CompanyLevels:
    """The levels of the comparisons that decide; "" where one is not known."""

    name: str
    branch: str = ""
    registration: str = ""
    corporate: str = ""
    phone: str = ""
    email: str = ""
    owner: str = ""
    address: str = ""

    def has(self, known: dict[str, tuple[str, ...]]) -> bool:
        """Whether one of these levels is there."""
        return any(getattr(self, comparison) in levels for comparison, levels in known.items())

    @property
    def one(self) -> bool:
        """Whether these can be one organisation without anybody's look.

        Who an organisation is, its registration number says with its name; two numbers are two, but
        for one corporate number and one name: there a company was registered anew.
        """
        if self.registration == "same":
            return self.name in NUMBERED or self.has(BESIDES)
        if self.name not in ONE_NAME:
            return False
        if self.branch in OFFICES:
            return self.branch == "one" and self.registration != "else" and self.has(ONE_DOOR)
        held = self.corporate == "same" or "else" not in (self.registration, self.corporate)
        return held and self.has(NEAR)

    @property
    def odd(self) -> bool:
        """Whether a heavy pair of these is a question."""
        if self.registration == "same":
            return True
        return self.name in {*ONE_NAME, "part"} and self.branch not in OFFICES

    @property
    def tied(self) -> bool:
        """Whether these are a head office and its branch."""
        return self.name in ONE_NAME and self.branch == "one" and self.registration != "same"


def _any(known: dict[str, tuple[str, ...]]) -> str:
    """SQL of `has`, with the names of Splink's numbers."""
    found = (
        f"gamma_{comparison} in ({', '.join(f'{{{comparison}_{level}}}' for level in levels)})"
        for comparison, levels in known.items()
    )
    return "(" + " or ".join(found) + ")"


_NAMES = "gamma_name in ({name_same}, {name_sound}, {name_typo}"
_OFFICE = "gamma_branch not in ({branch_one}, {branch_else})"
_NUMBER = "gamma_registration = {registration_same}"
_OTHER = "gamma_registration = {registration_else}"
_BODY = "gamma_corporate = {corporate_same}"
ONE_SQL = f"""(case when {_NUMBER} then {_NAMES}, {{name_part}}) or gamma_name = -1 or {_any(BESIDES)}
    when not {_NAMES}) then false
    when not {_OFFICE} then gamma_branch = {{branch_one}} and not {_OTHER} and {_any(ONE_DOOR)}
    else ({_BODY} or not {_OTHER} and gamma_corporate <> {{corporate_else}}) and {_any(NEAR)} end)"""
ODD_SQL = f"""({_NUMBER} or {_NAMES}, {{name_part}}) and {_OFFICE})"""
"""The same for pairs in the engine, with Splink's numbers of the levels."""


def facts_of_organisation(form: Organisation) -> Facts:
    """What of an organisation's record can contradict another one."""
    return form.registration, form.corporate, form.branch


def company_contradiction(a: Group, b: Group) -> str:
    """What two groups of records contradict each other in: registration, corporate, branch; "" for
    nothing.

    Two registration numbers that hold are two organisations, unless the corporate number is the
    same; two branches without a number in common are two.
    """
    (numbers, bodies, branches), (numbers2, bodies2, branches2) = a.said, b.said
    one_number, one_body = numbers.keys() & numbers2.keys(), bodies.keys() & bodies2.keys()
    if numbers and numbers2 and not one_number and not one_body:
        return "registration"
    if not one_number and not one_body and differ(bodies, bodies2, TWICE):
        return "corporate"
    if branches and branches2 and not one_number and not branches.keys() & branches2.keys():
        return "branch"
    return ""
