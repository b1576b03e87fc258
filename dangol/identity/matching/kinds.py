"""What is compared, found, decided and contradicted of each kind of customer; the code is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dangol.identity.matching.blocking import ORGANISATION_RULES, PEOPLE_RULES, Rule
from dangol.identity.matching.clusters import (
    Contradicts,
    Facts,
    facts_of_person,
    person_contradiction,
)
from dangol.identity.matching.company_outcomes import ODD_SQL as COMPANIES_ODD
from dangol.identity.matching.company_outcomes import ONE_SQL as ONE_COMPANY
from dangol.identity.matching.company_outcomes import (
    CompanyLevels,
    company_contradiction,
    facts_of_organisation,
)
from dangol.identity.matching.comparing_companies import ORGANISATIONS
from dangol.identity.matching.comparisons import PEOPLE, Comparison
from dangol.identity.matching.outcomes import ODD_PEOPLE_SQL, ONE_PERSON_SQL, Levels
from dangol.identity.matching.parameters import Parameters
from dangol.identity.matching.usual import USUAL
from dangol.identity.matching.usual_companies import USUAL_COMPANIES
from dangol.identity.reading import organisations, people

Form = people.Person | organisations.Organisation
"""A record as it is compared."""


@dataclass(frozen=True)
class Kind:
    """One kind of customer: records of two kinds never meet."""

    key: str
    form: type[Any]
    columns: tuple[str, ...]
    read: Callable[[dict[str, str], int], tuple[Any, list[str]]]
    wanted: Mapping[str, str]
    """What the reading takes: its own name, and the record's."""
    comparisons: tuple[Comparison, ...]
    rules: tuple[Rule, ...]
    shared: tuple[str, ...]
    """Columns whose values say nothing when a crowd gave them."""
    levels: type[Any]
    deciding: tuple[str, ...]
    """Comparisons whose levels decide."""
    one: str
    odd: str
    """SQL: may be joined without a look; is asked about though heavy."""
    facts: tuple[str, ...]
    """SQL of what the records of a group may contradict each other in."""
    facts_of: Callable[[Any], Facts]
    contradicts: Contradicts
    usual: Parameters
    sure: tuple[Rule, ...]
    """Rules whose pairs are true ones: they tell how many there are."""
    teaching: tuple[str, ...]
    """Rules whose pairs are mostly true ones: within them m is estimated."""
    tie: str
    """The relation of two who share much and are not one."""

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Splink's number of each level, "comparison_level": it counts from the last one."""
        return {
            f"{c.key}_{level.key}": len(c.levels) - 1 - at
            for c in self.comparisons
            for at, level in enumerate(c.levels)
        }

    @property
    def one_sql(self) -> str:
        """The condition under which a pair can be one without anybody's look."""
        return self.one.format(**self.numbers)

    @property
    def odd_sql(self) -> str:
        """The condition under which a heavy pair that is not one is a question."""
        return self.odd.format(**self.numbers)

    @property
    def rare(self) -> tuple[str, ...]:
        """Columns whose rarity counts."""
        found = (level for c in self.comparisons for level in c.levels)
        return tuple(dict.fromkeys(one.frequency for one in found if one.frequency))

    @property
    def crowded(self) -> tuple[str, ...]:
        """Columns of which only what a crowd gave counts by its frequency."""
        found = (level for c in self.comparisons for level in c.levels)
        return tuple(dict.fromkeys(one.frequency for one in found if one.crowd))


PERSON = Kind(
    key="person", form=people.Person, columns=people.COLUMNS, read=people.read_person,
    wanted={
        **{name: name for name in (
            "name", "given_name", "family_name", "phone", "phone2", "email", "address", "postcode",
            "district", "gender",
        )},
        "birth": "born_on", "number": "member_no",
    },
    comparisons=PEOPLE, rules=PEOPLE_RULES, shared=("phone", "email"), levels=Levels,
    deciding=("name", "phone", "address", "number", "birth"), one=ONE_PERSON_SQL,
    odd=ODD_PEOPLE_SQL, facts=("case when latin then '' else given end", "birth", "gender"),
    facts_of=facts_of_person, contradicts=person_contradiction, usual=USUAL,
    sure=(
        Rule("sure", ("name", "birth")), Rule("sure", ("name", "phone")),
        Rule("sure", ("name", "number")),
    ),
    teaching=("phone", "name_birth", "email", "number", "name_postcode"), tie="household",
)  # fmt: skip

ORGANISATION = Kind(
    key="organisation", form=organisations.Organisation, columns=organisations.COLUMNS,
    read=organisations.read_organisation,
    wanted={name: name for name in (
        "name", "registration", "corporate", "phone", "phone2", "email", "website", "owner",
        "address", "postcode", "district",
    )},
    comparisons=ORGANISATIONS, rules=ORGANISATION_RULES,
    shared=("registration", "phone", "email", "domain"), levels=CompanyLevels,
    deciding=(
        "name", "branch", "registration", "corporate", "phone", "email", "owner", "address",
    ),
    one=ONE_COMPANY, odd=COMPANIES_ODD,
    facts=("registration", "corporate", "branch"), facts_of=facts_of_organisation,
    contradicts=company_contradiction, usual=USUAL_COMPANIES,
    sure=(
        Rule("sure", ("name", "registration")), Rule("sure", ("name", "phone")),
        Rule("sure", ("name", "owner")),
    ),
    teaching=("organisation.registration", "organisation.phone", "organisation.name_building",
              "organisation.name_owner", "organisation.domain"),
    tie="branch_of",
)  # fmt: skip

KINDS = {kind.key: kind for kind in (PERSON, ORGANISATION)}


def kind_of(form: Form) -> Kind:
    """The kind of a record as it is compared."""
    return PERSON if isinstance(form, people.Person) else ORGANISATION
