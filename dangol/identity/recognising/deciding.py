"""What one record's comparison with its candidates comes to."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from dangol.identity.matching.clusters import Group, contradiction, facts_of
from dangol.identity.matching.outcomes import Outcome, Thresholds, outcome
from dangol.identity.matching.parameters import Parameters, Weighed, weigh
from dangol.identity.reading.people import Person
from dangol.identity.recognising.candidates import Candidate


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
        levels = [weighed.level(c) for c in ("name", "phone", "address")]
        done.append(Compared(one, weighed, outcome(weighed.weight, *levels, thresholds)))
    return sorted(done, key=lambda c: (-c.weighed.weight, c.candidate.record))


def decide(
    record: int,
    person: Person,
    compared: list[Compared],
    groups: dict[uuid.UUID, Group],
    own: uuid.UUID | None,
) -> Decision:
    """Join the heaviest that nothing contradicts; what else looks the same is asked."""
    decision = Decision()
    group = groups.get(own) if own else None
    if group is None:
        group = Group([record])
        group.knows(facts_of(person))
    for one in compared:
        theirs = one.candidate.customer
        if theirs is None or theirs == own:
            continue
        if one.outcome is Outcome.JOIN:
            if why := contradiction(group, groups[theirs]):
                decision.questions.append((one, why))
            elif decision.join is None:
                decision.join = one
            elif decision.join.candidate.customer != theirs:
                decision.questions.append((one, "customers"))
        elif one.outcome is Outcome.REVIEW:
            decision.questions.append(
                (one, "name" if one.weighed.level("name") in ODD else "weight")
            )
        elif one.outcome is Outcome.HOUSEHOLD and theirs not in decision.households:
            decision.households.append(theirs)
    joined = decision.join.candidate.customer if decision.join else None
    decision.questions = _once_each(decision.questions, joined)
    return decision


ODD = frozenset({"given", "two_typos", "foreign"})


def _once_each(
    questions: list[tuple[Compared, str]], joined: uuid.UUID | None
) -> list[tuple[Compared, str]]:
    """One question for each customer, and none about the one that was joined."""
    asked: set[uuid.UUID | None] = {joined}
    kept = []
    for one, why in questions:
        if one.candidate.customer not in asked:
            asked.add(one.candidate.customer)
            kept.append((one, why))
    return kept
