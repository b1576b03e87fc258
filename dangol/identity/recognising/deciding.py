"""What one record's comparison with its candidates comes to."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field

from dangol.identity.matching.clusters import Group, contradiction, facts_of
from dangol.identity.matching.outcomes import ODD_NAME, Levels, Outcome, Thresholds, outcome
from dangol.identity.matching.parameters import Parameters, Weighed, weigh
from dangol.identity.reading.people import Person
from dangol.identity.recognising.candidates import Candidate

DECIDING = ("name", "phone", "address", "number", "birth")


@dataclass(frozen=True, slots=True)
class Compared:
    """A candidate with what the comparison gave."""

    candidate: Candidate
    weighed: Weighed
    outcome: Outcome


@dataclass(slots=True)
class Decision:
    """To whom a record belongs, what is asked, and who lives with whom."""

    join: Compared | None = None
    bridged: list[Compared] = field(default_factory=list)
    """Other customers whom the record shows to be the same one."""
    questions: list[tuple[Compared, str]] = field(default_factory=list)
    """Pairs for the steward, with the reason (see models.QuestionWhy)."""
    households: list[uuid.UUID] = field(default_factory=list)


def compare(
    person: Person,
    found: list[Candidate],
    parameters: Parameters,
    thresholds: Thresholds,
    share: float,
) -> list[Compared]:
    """Every candidate, the heaviest first; `share` is that of the record's own name."""
    done = []
    for one in found:
        rarity = {person.name: share, one.person.name: share}
        weighed = weigh(person, one.person, parameters, rarity)
        levels = Levels(**{key: weighed.level(key) for key in DECIDING})
        told = outcome(weighed.weight, levels, thresholds)
        done.append(Compared(one, weighed, told))
    return sorted(done, key=lambda c: (-c.weighed.weight, c.candidate.record))


def decide(
    record: int,
    person: Person,
    compared: list[Compared],
    groups: dict[uuid.UUID, Group],
    own: uuid.UUID | None,
    apart: Collection[frozenset[uuid.UUID]] = (),
) -> Decision:
    """Join the heaviest that nothing contradicts, and all others that are the same then; ask the rest.

    `apart` has the pairs of customers that a person told apart: neither joined nor asked about.
    """
    decision = Decision()
    mine = {own} if own else set()
    group = groups.get(own) if own else None
    if group is None:
        group = Group([record])
        group.knows(facts_of(person))
    for one in compared:
        theirs = one.candidate.customer
        if theirs is None or theirs == own:
            continue
        if any(frozenset((key, theirs)) in apart for key in mine):
            continue
        if one.outcome is Outcome.JOIN:
            if why := contradiction(group, groups[theirs]):
                decision.questions.append((one, why))
            elif decision.join is None:
                decision.join = one
                mine.add(theirs)
                group = together(group, groups[theirs])
            elif theirs not in joined(decision):
                decision.bridged.append(one)
                mine.add(theirs)
                group = together(group, groups[theirs])
        elif one.outcome is Outcome.REVIEW:
            decision.questions.append(
                (one, "name" if one.weighed.level("name") in ODD_NAME else "weight")
            )
        elif one.outcome is Outcome.HOUSEHOLD and theirs not in decision.households:
            decision.households.append(theirs)
    decision.questions = _once_each(decision.questions, joined(decision))
    return decision


def joined(decision: Decision) -> set[uuid.UUID | None]:
    """The customers whom the record speaks of."""
    found = [decision.join, *decision.bridged] if decision.join else []
    return {one.candidate.customer for one in found if one}


def together(a: Group, b: Group) -> Group:
    """What two groups know together."""
    return Group(a.members + b.members, a.given + b.given, a.birth + b.birth, a.gender + b.gender)


def _once_each(
    questions: list[tuple[Compared, str]], joined: set[uuid.UUID | None]
) -> list[tuple[Compared, str]]:
    """One question for each customer, and none about the one that was joined."""
    asked = set(joined)
    kept = []
    for one, why in questions:
        if one.candidate.customer not in asked:
            asked.add(one.candidate.customer)
            kept.append((one, why))
    return kept
