"""Answers as rows: how they are laid down, replaced and read back."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from dangol.surveys.models import Answer, Response
from dangol.surveys.questions import Scored


def rows_of(response: Response, given: list[Scored], own: int | None) -> list[Answer]:
    """The rows of a response, in one statement's order; the empty question holds its own index."""
    rows = [
        Answer(response=response, question=a.question, item=a.item, value=a.value, text=a.text, score=a.score)
        for a in given
    ]  # fmt: skip
    if own is not None:
        rows.append(Answer(response=response, question="", item="", score=own))
    return rows


def stored_answers(response: Response) -> dict[str, Any]:
    """The answers as they were given: {question key: value}, matrix rows together again."""
    rows = {a.question: a for a in response.answers.all()}
    given: dict[str, Any] = {}
    for question in response.version.body:
        key = question["key"]
        if question["type"] == "matrix":
            values = {
                row["key"]: rows[f"{key}.{row['key']}"].value
                for row in question["rows"]
                if f"{key}.{row['key']}" in rows
            }
            if values:
                given[key] = values
        elif key in rows:
            given[key] = rows[key].text if question["type"] == "text" else rows[key].value
    return given


def replace_answers(response: Response, rows: list[Answer]) -> None:
    """Make the stored rows equal to these: changed ones in one statement, then new, then vanished."""
    wanted = {row.question: row for row in rows}
    present = set(response.answers.values_list("question", flat=True))
    kept = [row for row in rows if row.question in present]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE surveys_answer a SET value = v.value, text = v.text, score = v.score"
            " FROM unnest(%s::text[], %s::jsonb[], %s::text[], %s::int[])"
            " AS v(question, value, text, score)"
            " WHERE a.response_id = %s AND a.question = v.question",
            [
                [row.question for row in kept],
                [None if row.value is None else json.dumps(row.value) for row in kept],
                [row.text for row in kept],
                [row.score for row in kept],
                response.pk,
            ],
        )
    Answer.objects.bulk_create([row for row in rows if row.question not in present])
    response.answers.filter(question__in=present - wanted.keys()).delete()
