"""Writes over surveys, their index, and the answers of customers."""

from dangol.surveys.actions.answer import (
    complete_by_link,
    complete_response,
    correct_response,
    invite,
    save_draft_answers,
    start_response,
    withdraw_response,
)
from dangol.surveys.actions.design import (
    create_survey,
    define_index,
    make_default_surveys,
    publish_version,
    rename_survey,
    save_draft_version,
)

__all__ = [
    "complete_by_link",
    "complete_response",
    "correct_response",
    "create_survey",
    "define_index",
    "invite",
    "make_default_surveys",
    "publish_version",
    "rename_survey",
    "save_draft_answers",
    "save_draft_version",
    "start_response",
    "withdraw_response",
]
