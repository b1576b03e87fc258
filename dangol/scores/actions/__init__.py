"""What is written over scores: by people, by the schedule, by a run."""

from dangol.scores.actions.failing import start_failed_runs, tell_of_failure
from dangol.scores.actions.models import (
    ask_for_run,
    change_model,
    promote_version,
    start_due_runs,
    start_first_runs,
)
from dangol.scores.actions.returns import (
    AlreadyBegun,
    begin_use,
    count_open_uses,
    count_outcomes,
    end_use,
    record_outcome,
    resume_use,
)

__all__ = [
    "AlreadyBegun",
    "ask_for_run",
    "begin_use",
    "change_model",
    "count_open_uses",
    "count_outcomes",
    "end_use",
    "promote_version",
    "record_outcome",
    "resume_use",
    "start_due_runs",
    "start_failed_runs",
    "start_first_runs",
    "tell_of_failure",
]
