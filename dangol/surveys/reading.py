"""Stored answers as people read them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from dangol.surveys.asking import in_words
from dangol.surveys.models import Answer, Response
from dangol.surveys.questions import Question


def read_answers(response: Response) -> list[dict[str, Any]]:
    """Each answered question with its words and its score in points, in the order asked."""
    rows = {a.question: a for a in response.answers.all()}
    read = []
    for question in response.version.body:
        if question["type"] == "matrix":
            for row in question["rows"]:
                answer = rows.get(f"{question['key']}.{row['key']}")
                if answer:
                    text = f"{in_words(question['text'])} {in_words(row['text'])}"
                    read.append(read_answer(question, answer) | {"question": text})
        elif question["key"] in rows:
            read.append(read_answer(question, rows[question["key"]]))
    return read


def read_answer(question: Question, answer: Answer) -> dict[str, Any]:
    """One answer in words."""
    return {
        "key": question["key"],
        "question": in_words(question["text"]),
        "said": said(question, answer),
        "kind": question["type"],
        "most": (question.get("scale") or {}).get("high"),
        "points": None
        if answer.score is None or question["type"] == "yesno"
        else answer.score / 1000,
        "call_me": bool(question.get("call_me")) and answer.value is True,
    }


def said(question: Question, answer: Answer) -> str:
    """What was chosen or said."""
    match question["type"]:
        case "text":
            return answer.text
        case "yesno":
            return _("Yes") if answer.value else _("No")
        case "choice" | "multi":
            names = {o["value"]: in_words(o["text"]) for o in question["options"]}
            chosen = answer.value if isinstance(answer.value, list) else [answer.value]
            return ", ".join(names.get(c, str(c)) for c in chosen)
    return str(answer.value)
