"""Questions as a page asks them, and the answers as a form sends them back."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dangol.surveys.models import Draft, Response
from dangol.surveys.questions import Question, asked, checked

PREFIX = "q-"


def in_words(text: dict[str, str] | None, language: str = "") -> str:
    """A text in the reader's language, or in the one it was written in."""
    text = text or {}
    language = (language or get_language() or "ko")[:2]
    return text.get(language) or text.get("ko") or next(iter(text.values()), "")


def shown_questions(
    body: list[Question],
    answers: dict[str, Any] | None = None,
    errors: dict[str, list[str]] | None = None,
    language: str = "",
) -> list[dict[str, Any]]:
    """What the template draws, question by question; those not asked (yet) are hidden."""
    answers, errors = answers or {}, errors or {}
    seen = {q["key"] for q in asked(body, answers)}
    return [
        shown_question(q, answers.get(q["key"]), " ".join(errors.get(q["key"], [])), language)
        | {"seen": q["key"] in seen, "rule": json.dumps(q.get("show_if") or "")}
        for q in body
    ]


def shown_question(question: Question, value: Any, error: str, language: str) -> dict[str, Any]:
    """One question with its choices, the given one marked."""
    name = PREFIX + question["key"]
    shown: dict[str, Any] = {
        "key": question["key"],
        "name": name,
        "kind": question["type"],
        "text": in_words(question["text"], language),
        "help": in_words(question.get("help"), language),
        "required": bool(question.get("required")),
        "error": error,
        "value": value,
    }
    scale = question.get("scale") or {}
    if scale:
        shown["ends"] = [
            in_words((scale.get("labels") or {}).get(e), language) for e in ("low", "high")
        ]
    match question["type"]:
        case "scale" | "nps":
            shown["steps"] = steps(scale, value)
        case "matrix":
            given = value if isinstance(value, dict) else {}
            shown["rows"] = [
                {
                    "name": f"{name}.{row['key']}",
                    "text": in_words(row["text"], language),
                    "steps": steps(scale, given.get(row["key"])),
                }
                for row in question["rows"]
            ]
        case "yesno":
            shown["options"] = [("yes", _("Yes"), value is True), ("no", _("No"), value is False)]
        case "choice" | "multi":
            chosen = value if isinstance(value, list) else [value]
            shown["options"] = [
                (o["value"], in_words(o["text"], language), o["value"] in chosen)
                for o in question["options"]
            ]
    return shown


def steps(scale: dict[str, Any], value: Any) -> list[tuple[int, bool]]:
    """The values of a scale in order, the given one marked."""
    low, high = scale["low"], scale["high"]
    way = 1 if low <= high else -1
    return [(step, step == value) for step in range(low, high + way, way)]


def sent_answers(body: list[Question], data: QueryDict) -> dict[str, Any]:
    """The answers in a sent form, question by question; None for what is empty."""
    return {q["key"]: sent_answer(q, data) for q in body}


def sent_answer(question: Question, data: QueryDict) -> Any:
    """One question's answer as the actions take it; whatever cannot be read stays text and is refused there."""
    name = PREFIX + question["key"]
    given = data.get(name, "")
    match question["type"]:
        case "scale" | "nps":
            return whole(given)
        case "yesno":
            return {"yes": True, "no": False}.get(given)
        case "multi":
            return data.getlist(name) or None
        case "matrix":
            rows = {r["key"]: whole(data.get(f"{name}.{r['key']}", "")) for r in question["rows"]}
            return {k: v for k, v in rows.items() if v is not None} or None
    return given or None


def asking(
    response: Response,
    answers: dict[str, Any] | None = None,
    errors: dict[str, list[str]] | None = None,
    *,
    check: bool = False,
) -> dict[str, Any]:
    """The context of `surveys/_questions.html` for a response: what was drafted stands in it.

    With `check`, what still is wrong with it is marked.
    """
    if answers is None:
        draft = Draft.objects.filter(response=response).first()
        answers = draft.answers if draft else {}
    if check:
        try:
            checked(response.version.body, answers)
        except ValidationError as refusal:
            errors = refusal.message_dict
    return {
        "questions": shown_questions(response.version.body, answers, errors),
        "autosave_url": reverse("surveys:response_draft", args=[response.pk]),
    }


def given_answers(response: Response, data: QueryDict) -> dict[str, Any]:
    """The answers that a sent form gives, as `complete_response` takes them."""
    answers = sent_answers(response.version.body, data)
    return {key: value for key, value in answers.items() if value is not None}


def whole(text: str) -> Any:
    """A whole number, None for nothing; other text stays as it is."""
    try:
        return int(text) if text else None
    except ValueError:
        return text


def revealed(body: list[Question], answers: dict[str, Any], shown: set[str]) -> bool:
    """Whether answers without scripts brought up questions that the person has not seen yet."""
    return any(q["key"] not in shown for q in asked(body, answers))
