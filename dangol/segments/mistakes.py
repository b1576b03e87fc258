"""What is wrong with a rule, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any as Anything

from django.core.exceptions import ValidationError

Path = tuple[str | int, ...]


class BadRule(ValidationError):
    """A rule that cannot be read; says of each mistake where it is and what is wrong."""

    def __init__(self, problems: list[tuple[Path, str]]) -> None:
        self.problems = problems
        super().__init__([placed(path, why) for path, why in problems])

    @property
    def fields(self) -> list[tuple[str, str]]:
        """Each mistake by its place in what was sent, as in “rule.all[1].count”."""
        return [(field_of(path), str(why)) for path, why in self.problems]


def field_of(path: Path) -> str:
    """A place in a rule as programs write it."""
    return "rule" + "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path)


def placed(path: Path, why: str) -> str:
    """A mistake after its place, as in “all › 2 › where: …”."""
    where = " › ".join(str(step + 1) if isinstance(step, int) else step for step in path)
    return f"{where}: {why}" if where else why


def where_named(given: Anything, keys: set[str], path: Path = ()) -> Iterator[Path]:
    """The places in a rule's JSON that name one of some keys."""
    if isinstance(given, str) and given in keys:
        yield path
    inside: Iterable[tuple[str | int, Anything]] = given.items() if isinstance(given, dict) else ()
    inside = enumerate(given) if isinstance(given, list) else inside
    for step, part in inside:
        yield from where_named(part, keys, (*path, step))


def refuse(path: Path, why: str) -> BadRule:
    """One mistake."""
    return BadRule([(path, why)])
