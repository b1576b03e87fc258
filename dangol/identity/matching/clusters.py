"""From pairs to customers: the strongest links first, and no link that joins two who contradict each other.

A chain A–B–C can join two strangers though each link looks good. So a link is refused when the two
groups that it would join each know, more than once, another given name or another day of birth, or
when their sexes differ: those pairs are questions for the steward. For organisations see company_outcomes.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from dangol.identity.reading.people import Person

TWICE = 2
"""A name or day that two records of a group agree on is no slip of the pen."""


Facts = tuple[str, str, str]
"""What of a record can contradict another one; of a person the given name (empty in Latin letters,
which are spelled in many ways), day of birth, sex."""


def facts_of_person(person: Person) -> Facts:
    """What of a person's record can contradict another one."""
    return "" if person.latin else person.given, person.birth, person.gender


@dataclass(slots=True)
class Group:
    """Records that are one customer's, and what they say of it, fact by fact."""

    members: list[int]
    said: tuple[Counter[str], Counter[str], Counter[str]] = field(
        default_factory=lambda: (Counter(), Counter(), Counter())
    )

    def knows(self, facts: Facts) -> None:
        """Count what a record says."""
        for known, fact in zip(self.said, facts, strict=True):
            if fact:
                known[fact] += 1

    def take_in(self, other: Group) -> None:
        """Become one with another group."""
        self.members += other.members
        for known, more in zip(self.said, other.said, strict=True):
            known.update(more)


Contradicts = Callable[[Group, Group], str]


def person_contradiction(a: Group, b: Group) -> str:
    """What two groups contradict each other in: given, birth, gender; "" for nothing."""
    (given, birth, gender), (given2, birth2, gender2) = a.said, b.said
    if differ(given, given2, TWICE):
        return "given"
    if differ(birth, birth2, TWICE):
        return "birth"
    if len(a.members) + len(b.members) > 2 and differ(gender, gender2, 1):
        return "gender"
    return ""


def differ(a: Counter[str], b: Counter[str], least: int) -> bool:
    """Whether two groups say another thing most often, each at least so many times."""
    if not a or not b:
        return False
    (x, times_x), (y, times_y) = a.most_common(1)[0], b.most_common(1)[0]
    return x != y and times_x >= least and times_y >= least


Link = tuple[int, int, float]
"""Two records by their positions, and the weight of what speaks for one person."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A link that would have joined two groups that contradict each other."""

    a: int
    b: int
    weight: float
    why: str


@dataclass(frozen=True, slots=True)
class Clusters:
    """Who is who."""

    labels: list[int]
    """The number of each record's group, by position."""
    used: list[Link]
    """The links that joined: one fewer than records in each group."""
    refused: list[Refused]


class Forest:
    """Records in groups that grow together."""

    def __init__(self, facts: Sequence[Facts], apart: Iterable[tuple[int, int]]) -> None:
        self.facts = facts
        self.parent = list(range(len(facts)))
        self.groups: dict[int, Group] = {}
        self.never: dict[int, set[int]] = defaultdict(set)
        for a, b in apart:
            self.never[a].add(b)
            self.never[b].add(a)

    def root(self, x: int) -> int:
        """The record that stands for a record's group."""
        parent = self.parent
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    def group(self, x: int) -> Group:
        """What is known of the group of a root."""
        found = self.groups.get(x)
        if found is None:
            found = self.groups[x] = Group([x])
            found.knows(self.facts[x])
        return found

    def parted(self, x: int, y: int) -> bool:
        """Whether a person told two groups apart."""
        return bool(self.never) and any(self.root(n) == y for n in self.never.get(x, ()))

    def join(self, x: int, y: int) -> None:
        """Make two groups one."""
        if len(self.group(x).members) < len(self.group(y).members):
            x, y = y, x
        self.parent[y] = x
        self.group(x).take_in(self.group(y))
        del self.groups[y]
        if y in self.never:
            self.never[x] |= self.never.pop(y)


def clusters(
    facts: Sequence[Facts],
    links: Iterable[Link],
    same: Iterable[tuple[int, int]] = (),
    apart: Iterable[tuple[int, int]] = (),
    contradicts: Contradicts = person_contradiction,
) -> Clusters:
    """Join the records by these links, the heaviest first.

    Pairs that a person called the same are joined before all, whatever contradicts; those that a
    person told apart are never in one group.
    """
    forest = Forest(facts, apart)
    root = forest.root
    used: list[Link] = []
    refused: list[Refused] = []
    for a, b in same:
        x, y = root(a), root(b)
        if x != y and not forest.parted(x, y):
            forest.join(x, y)
    for a, b, weight in links:
        x, y = root(a), root(b)
        if x == y or forest.parted(x, y):
            continue
        if why := contradicts(forest.group(x), forest.group(y)):
            refused.append(Refused(a, b, weight, why))
            continue
        forest.join(x, y)
        used.append((a, b, weight))
    return Clusters([root(x) for x in range(len(facts))], used, refused)
