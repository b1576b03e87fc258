"""What one record's comparison with its candidates comes to."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field

from dangol.identity.matching.clusters import Group
from dangol.identity.matching.kinds import Form, kind_of
from dangol.identity.matching.outcomes import Outcome, Thresholds, outcome
from dangol.identity.matching.parameters import Parameters, Weighed, weigh
from dangol.identity.recognising.candidates import Candidate


@dataclass(frozen=True, slots=True)
class Compared:
    """A candidate with what the comparison gave."""

    candidate: Candidate
    weighed: Weighed
    outcome: Outcome
    odd: bool = False
    """Whether much is the same but not what says who it is."""


@dataclass(slots=True)
class Decision:
    """To whom a record belongs, what is asked, and who is tied to it."""

    join: Compared | None = None
    bridged: list[Compared] = field(default_factory=list)
    """Other customers whom the record shows to be the same one."""
    questions: list[tuple[Compared, str]] = field(default_factory=list)
    """Pairs for the steward, with the reason (see models.QuestionWhy)."""
    ties: list[Compared] = field(default_factory=list)
    """One of each customer that is tied: a household, a branch."""


def compare(
    form: Form,
    found: list[Candidate],
    parameters: Parameters,
    thresholds: Thresholds,
    shares: dict[str, float],
) -> list[Compared]:
    """Every candidate, the heaviest first; `shares` are those of what the record itself says."""
    done, kind = [], kind_of(form)
    for one in found:
        weighed = weigh(form, one.form, parameters, shares, kind.comparisons)
        levels = kind.levels(**{key: weighed.level(key) for key in kind.deciding})
        told = outcome(weighed.weight, levels, thresholds)
        done.append(Compared(one, weighed, told, levels.odd and not levels.one))
    return sorted(done, key=lambda c: (-c.weighed.weight, c.candidate.record))


def decide(
    record: int,
    form: Form,
    compared: list[Compared],
    groups: dict[uuid.UUID, Group],
    own: uuid.UUID | None,
    apart: Collection[frozenset[uuid.UUID]] = (),
) -> Decision:
    """Join the heaviest that nothing contradicts, and all others that are the same then; ask the rest.

    `apart` has the pairs of customers that a person told apart: neither joined nor asked about.
    """
    decision, kind = Decision(), kind_of(form)
    mine = {own} if own else set()
    group = groups.get(own) if own else None
    if group is None:
        group = Group([record])
        group.knows(kind.facts_of(form))
    for one in compared:
        theirs = one.candidate.customer
        if theirs is None or theirs == own:
            continue
        if parted(mine, theirs, apart):
            continue
        if one.outcome is Outcome.JOIN:
            if why := kind.contradicts(group, groups[theirs]):
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
            decision.questions.append((one, why_asked(one)))
        elif one.outcome is Outcome.TIE and all(
            theirs != t.candidate.customer for t in decision.ties
        ):
            decision.ties.append(one)
    told = [q for q in decision.questions if not parted(mine, q[0].candidate.customer, apart)]
    decision.questions = _once_each(told, joined(decision))
    return decision


def parted(
    mine: Collection[uuid.UUID], theirs: uuid.UUID | None, apart: Collection[frozenset[uuid.UUID]]
) -> bool:
    """Whether a person told a customer apart from any of these."""
    return theirs is not None and any(frozenset((key, theirs)) in apart for key in mine)


def why_asked(one: Compared) -> str:
    """Why a pair is a question (see models.QuestionWhy)."""
    if one.odd and one.weighed.level("registration") == "else":
        return "registration"
    return "name" if one.odd else "weight"


def joined(decision: Decision) -> set[uuid.UUID | None]:
    """The customers whom the record speaks of."""
    found = [decision.join, *decision.bridged] if decision.join else []
    return {one.candidate.customer for one in found if one}


def together(a: Group, b: Group) -> Group:
    """What two groups know together."""
    found = Group([])
    for one in (a, b):
        found.take_in(one)
    return found


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
