"""When two records of organisations are one without anybody's look, and when a question."""

from __future__ import annotations

from dataclasses import dataclass

from dangol.identity.matching.clusters import TWICE, Facts, Group, differ
from dangol.identity.reading.organisations import Organisation

ONE_NAME = frozenset({"same", "sound", "typo"})
NUMBERED = frozenset({*ONE_NAME, "branch", "part", ""})
"""Levels of the name that agree with one registration number."""


@dataclass(frozen=True, slots=True)
class CompanyLevels:
    """The levels of the comparisons that decide; "" where one is not known."""

    name: str
    registration: str = ""
    corporate: str = ""

    @property
    def one(self) -> bool:
        """Whether these can be one organisation without anybody's look.

        Who an organisation is, its registration number says with its name; two numbers are two, but
        for one corporate number and one name: there a company was registered anew.
        """
        if self.registration == "same":
            return self.name in NUMBERED
        if self.corporate == "same":
            return self.name in ONE_NAME
        return self.name in ONE_NAME and self.registration != "else" and self.corporate != "else"

    @property
    def odd(self) -> bool:
        """Whether a heavy pair of these is a question."""
        return self.registration == "same" or self.name in {*ONE_NAME, "part"}

    @property
    def tied(self) -> bool:
        """Whether these are a head office and its branch, or two branches."""
        return self.name == "branch" and self.registration != "same"


ONE_SQL = """(gamma_registration = {registration_same} and (gamma_name in
        ({name_same}, {name_sound}, {name_typo}, {name_branch}, {name_part}) or gamma_name = -1)
    or gamma_name in ({name_same}, {name_sound}, {name_typo}) and (gamma_corporate = {corporate_same}
        or gamma_registration <> {registration_else} and gamma_corporate <> {corporate_else}))"""
ODD_SQL = """(gamma_registration = {registration_same}
    or gamma_name in ({name_same}, {name_sound}, {name_typo}, {name_part}))"""
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
