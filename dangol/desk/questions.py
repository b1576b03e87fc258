"""The survey's questions inside the desk: what is asked now, and reading what was answered."""

from __future__ import annotations

import dataclasses
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language

from dangol.surveys.models import Draft, Response
from dangol.surveys.questions import NPS, Question, asked

PREFIX = "q."


def in_language(words: dict[str, str] | str | None) -> str:
    """Words of a survey in the reader's language, Korean when there are no English ones."""
    if not isinstance(words, dict):
        return words or ""
    language = (get_language() or "ko")[:2]
    return words.get(language) or words.get("ko") or next(iter(words.values()), "")


@dataclasses.dataclass
class Choice:
    """One answer that can be chosen."""

    value: str
    label: str
    chosen: bool


@dataclasses.dataclass
class Asked:
    """One question as it is drawn; a matrix draws each row as a line of choices."""

    key: str
    name: str
    type: str
    text: str
    required: bool
    low: str = ""
    high: str = ""
    value: str = ""
    choices: list[Choice] = dataclasses.field(default_factory=list)
    rows: list[tuple[str, str, list[Choice]]] = dataclasses.field(default_factory=list)


def drafted(response: Response) -> dict[str, Any]:
    """The answers kept so far."""
    draft = Draft.objects.filter(response=response).first()
    return draft.answers if draft else {}


def shown_questions(response: Response, answers: dict[str, Any]) -> list[Asked]:
    """The questions that are asked, given the answers before them."""
    return [shown(question, answers) for question in asked(response.version.body, answers)]


def steps(scale: dict[str, Any], given: Any) -> list[Choice]:
    """The points of a scale."""
    low, high = scale.get("low", NPS["low"]), scale.get("high", NPS["high"])
    step = 1 if high >= low else -1
    points = range(low, high + step, step)
    return [Choice(str(n), str(n), given is not None and given == n) for n in points]


def shown(question: Question, answers: dict[str, Any]) -> Asked:
    """One question with what was answered."""
    key, given = question["key"], answers.get(question["key"])
    scale = question.get("scale") or {}
    labels = scale.get("labels") or {}
    one = Asked(
        key, PREFIX + key, question["type"], in_language(question.get("text")),
        bool(question.get("required")), in_language(labels.get("low")), in_language(labels.get("high")),
    )  # fmt: skip
    match question["type"]:
        case "scale" | "nps":
            one.choices = steps(scale or NPS, given)
        case "choice" | "multi":
            held = given if isinstance(given, list) else [given]
            one.choices = [
                Choice(o["value"], in_language(o.get("text")), o["value"] in held)
                for o in question["options"]
            ]
        case "matrix":
            cells = given or {}
            one.rows = [
                (f"{PREFIX}{key}.{row['key']}", in_language(row.get("text")), steps(scale, cells.get(row["key"])))
                for row in question["rows"]
            ]  # fmt: skip
        case "text":
            one.value = given or ""
        case "yesno":
            one.value = {True: "yes", False: "no"}.get(given, "")
    return one


def read_answers(body: list[Question], posted: QueryDict) -> dict[str, Any]:
    """The answers of a form; None for what was left empty, so that a draft forgets it too."""
    return {question["key"]: read_one(question, posted) for question in body}


def read_one(question: Question, posted: QueryDict) -> Any:
    """One answer as the survey's rules expect it."""
    name = PREFIX + question["key"]
    given = posted.get(name, "")
    match question["type"]:
        case "scale" | "nps":
            return number(given)
        case "yesno":
            return {"yes": True, "no": False}.get(given)
        case "multi":
            return posted.getlist(name) or None
        case "matrix":
            found = {
                row["key"]: number(posted.get(f"{name}.{row['key']}", ""))
                for row in question["rows"]
            }
            return {key: value for key, value in found.items() if value is not None} or None
    return given or None


def number(text: str) -> int | None:
    """A whole number; None for anything else."""
    return int(text) if text.lstrip("-").isdecimal() and len(text) < 6 else None
