"""The words of the questions that are asked now, lent to apps that know only their keys."""

from __future__ import annotations

from collections.abc import Iterator

from dangol.interactions.question_names import Named, register
from dangol.surveys.asking import in_words
from dangol.surveys.models import Index, Version


def names() -> Iterator[Named]:
    """Each question of each survey's latest wording; items of an index by their short names."""
    short: dict[tuple[str, str], str] = {}
    for index in Index.objects.order_by("number"):
        short |= {(index.process, item["key"]): in_words(item.get("text")) for item in index.items}
    latest = Version.objects.filter(published_at__isnull=False).select_related("survey")
    for version in latest.order_by("survey_id", "-number").distinct("survey_id"):
        process = version.survey.process
        for question in version.body:
            text = short.get((process, question.get("item") or "")) or in_words(question["text"])
            options = {o["value"]: in_words(o["text"]) for o in question.get("options") or []}
            yield Named(process, question["key"], text, options)
            for row in question.get("rows") or []:
                key = f"{question['key']}.{row['key']}"
                yield Named(process, key, in_words(row["text"]))


register(names)
