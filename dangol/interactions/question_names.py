"""Questions and their answers in words, for apps that know only their keys.

The app that holds the questions lends them in its own question_names.py:

    register(names)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Named:
    """A question that can be asked: its process, its key, its words and those of its options."""

    process: str
    key: str
    text: str
    options: dict[str, str] = field(default_factory=dict)


Names = Callable[[], Iterable[Named]]
_lenders: list[Names] = []


def register(lender: Names) -> None:
    """Lend the words of questions."""
    if lender not in _lenders:
        _lenders.append(lender)


def known_questions() -> list[Named]:
    """Every question that is asked now, in the reader's language."""
    return [named for lender in _lenders for named in lender()]


def question_named(known: Iterable[Named], process: str, key: str) -> Named | None:
    """The question of a key in a process, or in any process when none is given."""
    fitting = (one for one in known if one.key == key and process in ("", one.process))
    return next(fitting, None)
