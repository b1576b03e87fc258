"""A rule that is still being made: what can be asked of it already, without its unfinished tests."""

from __future__ import annotations

import copy
from typing import Any as Anything

from dangol.segments import rules as r
from dangol.segments.mistakes import BadRule, Path
from dangol.segments.reading import MOST, read

PARTS = ("all", "any")


def finished(given: Anything) -> tuple[r.Rule, Anything, list[tuple[Path, str]]]:
    """The rule without what cannot be read, its JSON, and every mistake; BadRule where nothing of
    it can be asked."""
    left, problems = copy.deepcopy(given), []
    for _turn in range(2 * MOST):
        try:
            rule = read(left)
        except BadRule as wrong:
            if not problems:
                problems = wrong.problems
            left = without(left, wrong.problems[-1][0])
            if left is None:
                raise BadRule(problems) from None
        else:
            return rule, left, problems
    raise BadRule(problems)


def without(given: Anything, path: Path) -> Anything:
    """The rule without the innermost part that a mistake names; None where nothing is left."""
    cut = max((n for n, step in enumerate(path) if isinstance(step, int)), default=None)
    if cut is None:
        return None
    *above, index = path[: cut + 1]
    kind = above[-1]
    holder = given
    for step in above[:-1]:
        holder = holder[step]
    if kind == "minus":
        left = holder["minus"][1 - index] if index else {"all": []}
        if index == 0:
            holder["minus"][0] = left
            return given
        return put(given, above[:-1], holder["minus"][0])
    del holder[kind][index]
    if not holder[kind] and kind == "where":
        del holder[kind]
    if not holder.get(kind, True) and kind in PARTS and len(above) > 1:
        return without(given, tuple(above[:-1]))
    return {"all": []} if given == {"any": []} else given


def put(given: Anything, path: list[str | int], node: Anything) -> Anything:
    """The rule with another node at a place."""
    if not path:
        return node
    holder = given
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = node
    return given
