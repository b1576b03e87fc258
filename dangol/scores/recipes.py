"""What every kind of score is made by: it may learn from the lake, and says something of each customer.

A recipe is registered under its kind; `running.py` runs it, `writing.py` writes what it says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from dangol.scores.lack import Lack
from dangol.scores.models import Kind
from dangol.warehouse.engine import Lake

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


class TooLittle(ValueError):
    """The data do not suffice for this score; the page says what is missing."""

    def __init__(self, lack: Lack) -> None:
        self.lack = lack
        super().__init__(lack)


@dataclass(frozen=True)
class Learned:
    """What a recipe learned, and how it did on days that it had not seen."""

    algorithm: str
    parameters: dict[str, Any]
    metrics: dict[str, Any] = field(default_factory=dict)
    report: dict[str, Any] = field(default_factory=dict)
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    weights: dict[str, npt.NDArray[Any]] | None = None
    """Arrays that are too large for JSON."""


def settings_now(learned: Learned, settings: dict[str, Any]) -> dict[str, Any]:
    """The settings of today, in the currency that was learned in: what was emptied since is empty."""
    currency = learned.parameters["settings"].get("currency")
    return ({"currency": currency} if currency else {}) | settings


@dataclass(frozen=True)
class Scored:
    """What is said of each customer, in columns of equal length."""

    customer: npt.NDArray[np.int64]
    """The customers' numbers in the lake."""
    value: npt.NDArray[np.float64]
    cell: list[str]
    reasons: list[list[Any]]
    """For each customer [code, figure …]; words.py turns them into sentences."""
    low: npt.NDArray[np.float64] | None = None
    high: npt.NDArray[np.float64] | None = None
    as_of: dt.date | None = None
    summary: dict[str, Any] = field(default_factory=dict)


class Recipe(Protocol):
    """One kind of score."""

    def learn(self, seen: Lake, settings: dict[str, Any], progress: Progress) -> Learned:
        """Learn from the lake; TooLittle where it does not suffice."""

    def score(
        self, seen: Lake, learned: Learned, settings: dict[str, Any], progress: Progress
    ) -> Scored:
        """Say something of each customer."""


RECIPES: dict[Kind, Recipe] = {}


def recipe_of(kind: str) -> Recipe:
    """The recipe of a kind; loading a recipe's module registers it."""
    from importlib import import_module

    wanted = Kind(kind)
    if wanted not in RECIPES:
        import_module(f"dangol.scores.{wanted.value}.recipe")
    return RECIPES[wanted]
