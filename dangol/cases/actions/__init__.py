"""Writes over cases."""

from dangol.cases.actions.categories import add_category, end_rule, set_rule
from dangol.cases.actions.escalate import escalate_due_cases
from dangol.cases.actions.open_case import open_case, open_case_by_rules
from dangol.cases.actions.resolve import close_case, confirm_solution, resolve_case
from dangol.cases.actions.work import (
    add_note,
    assign_case,
    attach_file,
    change_case,
    hand_over_case,
    hand_over_cases_of,
    move_case,
    rederive_deadlines,
)

__all__ = [
    "add_category",
    "add_note",
    "assign_case",
    "attach_file",
    "change_case",
    "close_case",
    "confirm_solution",
    "end_rule",
    "escalate_due_cases",
    "hand_over_case",
    "hand_over_cases_of",
    "move_case",
    "open_case",
    "open_case_by_rules",
    "rederive_deadlines",
    "resolve_case",
    "set_rule",
]
