"""Questions of a version: which are asked given earlier answers, which answers are valid, what they score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from dangol.surveys.index import FULL, promoter_score, rescaled, weighted_index

Question = dict[str, Any]
TYPES = ("scale", "choice", "multi", "nps", "text", "matrix", "yesno")
NPS = {"low": 0, "high": 10}
EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True)
class Scored:
    """One answer ready to be stored; a matrix gives one for each of its rows ("key.row")."""

    question: str
    item: str
    value: Any
    text: str
    score: int | None


def is_asked(question: Question, answers: dict[str, Any]) -> bool:
    """Whether the branching rule of the question holds for what was answered before it."""
    rule = question.get("show_if")
    return not rule or holds(rule, answers)


def holds(rule: dict[str, Any], answers: dict[str, Any]) -> bool:
    """One rule {"question", "op", "value"}, or {"all": […]} or {"any": […]} of them."""
    if "all" in rule:
        return all(holds(one, answers) for one in rule["all"])
    if "any" in rule:
        return any(holds(one, answers) for one in rule["any"])
    given, wanted = answers.get(rule["question"]), rule.get("value")
    if given in (None, "", []):
        return False
    match rule["op"]:
        case "answered":
            return True
        case "eq":
            return wanted in given if isinstance(given, list) else same(given, wanted)
        case "ne":
            return wanted not in given if isinstance(given, list) else not same(given, wanted)
        case "le" | "ge" if isinstance(given, int) and isinstance(wanted, int | float):
            return given <= wanted if rule["op"] == "le" else given >= wanted
    return False


def same(given: Any, wanted: Any) -> bool:
    """Equal as the designer means it: yes is not 1."""
    return type(given) is type(wanted) and bool(given == wanted)


def asked(body: list[Question], answers: dict[str, Any]) -> Iterator[Question]:
    """The questions that are asked, in order; answers to questions that are not asked are not heard."""
    heard: dict[str, Any] = {}
    for question in body:
        if is_asked(question, heard):
            if question["key"] in answers:
                heard[question["key"]] = answers[question["key"]]
            yield question


def checked(body: list[Question], answers: dict[str, Any]) -> dict[str, Any]:
    """The valid answers to the questions that are asked; ValidationError {question: what is wrong}."""
    valid: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for question in asked(body, answers):
        key = question["key"]
        try:
            given = answers.get(key)
            value = None if given in EMPTY else checked_value(question, given)
        except ValueError as error:
            wrong[key] = str(error)
            continue
        if value not in EMPTY:
            valid[key] = value
        elif question.get("required"):
            wrong[key] = _("Please answer this question.")
    if wrong:
        raise ValidationError(wrong)
    return valid


def checked_value(question: Question, given: Any) -> Any:
    """The answer as it is stored; ValueError with a sentence for the person."""
    match question["type"]:
        case "scale" | "nps":
            return on_scale(question.get("scale") or NPS, given)
        case "yesno":
            if not isinstance(given, bool):
                raise ValueError(_("Answer yes or no."))
            return given
        case "choice":
            return among(question["options"], given)
        case "multi":
            if not isinstance(given, list):
                raise ValueError(_("Choose from the list."))
            chosen = [among(question["options"], one) for one in given]
            return list(dict.fromkeys(chosen))
        case "matrix":
            return checked_rows(question, given)
        case "text":
            if not isinstance(given, str):
                raise ValueError(_("Answer in words."))
            return given.replace("\x00", "").strip()[:4000]
    raise ValueError(_("This question has an unknown type."))


def on_scale(scale: dict[str, Any], given: Any) -> int:
    low, high = sorted((scale["low"], scale["high"]))
    if not isinstance(given, int) or isinstance(given, bool) or not low <= given <= high:
        raise ValueError(_("Choose a value from %(low)s to %(high)s.") % {"low": low, "high": high})
    return given


def among(options: list[dict[str, Any]], given: Any) -> str:
    if given not in [option["value"] for option in options]:
        raise ValueError(_("Choose from the list."))
    return str(given)


def checked_rows(question: Question, given: Any) -> dict[str, int]:
    if not isinstance(given, dict):
        raise ValueError(_("Answer each row."))
    keys = [row["key"] for row in question["rows"]]
    rows = {
        key: on_scale(question["scale"], given[key])
        for key in keys
        if given.get(key) not in (None, "")
    }
    if question.get("required") and len(rows) < len(keys):
        raise ValueError(_("Answer each row."))
    return rows


def scored(body: list[Question], answers: dict[str, Any]) -> list[Scored]:
    """Valid answers with their scores, one for each question and matrix row that was answered."""
    return [one for q in body if q["key"] in answers for one in score_of(q, answers[q["key"]])]


def score_of(question: Question, value: Any) -> Iterator[Scored]:
    """The stored form of one question's answer."""
    key, item, score, text = question["key"], question.get("item", ""), None, ""
    match question["type"]:
        case "scale":
            scale = question["scale"]
            score = rescaled(value, scale["low"], scale["high"])
        case "nps":
            score = promoter_score(value)
        case "yesno":
            score = FULL if value else 0
        case "choice":
            points = next(o.get("score") for o in question["options"] if o["value"] == value)
            score = None if points is None else round(points * FULL / 100)
        case "text":
            value, text = None, value
        case "matrix":
            scale = question["scale"]
            for row in question["rows"]:
                if row["key"] in value:
                    answer = value[row["key"]]
                    points = rescaled(answer, scale["low"], scale["high"])
                    yield Scored(f"{key}.{row['key']}", row.get("item", ""), answer, "", points)
            return
    yield Scored(key, item, value, text, score)


def own_index(answers: list[Scored], weights: dict[str, int]) -> int | None:
    """The respondent's own weighted index over scored answers, in thousandths."""
    scores: dict[str, list[int]] = {}
    for answer in answers:
        if answer.item and answer.score is not None:
            scores.setdefault(answer.item, []).append(answer.score)
    return weighted_index(scores, weights)


def wants_a_call(body: list[Question], answers: dict[str, Any]) -> bool:
    """Whether the customer said yes to a question that asks to be called."""
    return any(q.get("call_me") and answers.get(q["key"]) is True for q in body)
