"""What each kind of score shows of its last run and of its versions; a kind lends its own page.py."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from dangol.core.models import User
from dangol.scores.models import Run, ScoreModel
from dangol.scores.queries import sees_whole_company
from dangol.scores.scoped import run_in_scope


def now_context(user: User, model: ScoreModel, run: Run) -> dict[str, Any]:
    """The state as of a run, of the customers that the person may see."""
    whole = sees_whole_company(user)
    run = run if whole else run_in_scope(user, model, run)
    sizes = {name: c["customers"] for name, c in run.summary.get("cells", {}).items()}
    made = import_module(f"dangol.scores.{model.kind}.page").context(model, run, sizes)
    return {**made, "whole": whole}


def quality_context(model: ScoreModel) -> dict[str, Any]:
    """How the champion, and a challenger, did on days that they had not seen."""
    page = import_module(f"dangol.scores.{model.kind}.page")
    return page.quality(model) if hasattr(page, "quality") else {}
