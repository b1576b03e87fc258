"""Where a run and a source stand, in one word: said once, read by Python and by the database."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, F, Q, Value, When

OF_RUNS: tuple[tuple[str, dict[str, bool]], ...] = (
    ("failed", {"failed_at": True}),
    ("stopped", {"stopped_at": True}),
    ("finished", {"ended_at": True}),
    ("asks", {"asked_at": True, "allowed_at": False}),
    ("applying", {"read_at": True}),
    ("waits", {"begun_at": True, "token": False}),
    ("reading", {"begun_at": True}),
    ("waiting", {}),
)
"""A run's word, and which of its instants are there or are not; the first that fits."""
OPEN = ("asks", "applying", "waits", "reading", "waiting")
"""The words of runs that have not ended."""


def word_of(run: Any) -> str:
    """Where a run stands."""
    return next(
        word
        for word, instants in OF_RUNS
        if all((getattr(run, name) is not None) is there for name, there in instants.items())
    )


def word_of_runs() -> Case:
    """The same as the database says it of each run."""
    return Case(
        *(
            When(Q(**{f"{name}__isnull": not there for name, there in instants.items()}), then=Value(word))
            for word, instants in OF_RUNS
            if instants
        ),
        default=Value(OF_RUNS[-1][0]),
    )  # fmt: skip


def word_of_sources() -> Case:
    """Where a source stands, from `last_word`, its newest run's, and `unmatched`, whether records that
    it brought wait for the matching."""
    return Case(
        When(ready_at=None, then=Value("draft")),
        When(last_word__in=OPEN, then=F("last_word")),
        When(paused_at__isnull=False, then=Value("paused")),
        When(last_word=None, then=Value("never")),
        When(last_word="finished", unmatched=True, then=Value("unmatched")),
        default=F("last_word"),
    )
