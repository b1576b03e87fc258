"""What endpoints answer that no database keeps: cleaned, or told in our own words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dangol.customers.models import SourceRecord
from dangol.sources.connecting import Ask, Unusable, connector
from dangol.sources.connecting.web import Answer
from dangol.sources.models import Source
from dangol.sources.running.giving_up import failure_text
from dangol.sources.tests.factories import a_source, ran

REACH = {"url": "https://erp.example", "paths": "people", "paging": "none"}
MAPPING = {"key": {"from": ["id"]}, "name": {"from": ["name"]}}


@pytest.fixture
def answers(monkeypatch):  # type: ignore[no-untyped-def]
    """Says what the endpoint answers from now on."""

    def say(body: str | bytes) -> None:
        sent = body if isinstance(body, bytes) else body.encode()
        monkeypatch.setattr(
            "dangol.sources.connecting.rest.request",
            lambda *asked, **more: Answer(200, {}, sent),
        )

    return say


def rows(names: list[str]) -> list[list[str]]:
    opened = connector("rest", REACH, "")
    return [row for piece in opened.read(Ask("people", names, ["id"])) for row in piece.rows]


def a_source_over_the_line() -> Source:
    return a_source(connection="rest", reach=REACH, place="people", mapping=MAPPING)


def test_halves_of_characters_and_nul_are_cleaned_in_values_and_names(db, answers):
    answers(r'[{"id": "1", "name": "김\ud800철\u0000수", "a\u0000\udfff": ["\ud800"]},'
            r' {"id": "2", "name": "이영희"}]')  # fmt: skip
    run = ran(a_source_over_the_line())
    assert (run.state, run.new, run.refused) == ("finished", 2, 0)
    assert run.names == ["id", "name", "a\ufffd"]
    record = SourceRecord.objects.get(key="1")
    assert record.raw == {"id": "1", "name": "김\ufffd철수", "a\ufffd": '["\ufffd"]'}


def test_halves_in_raw_bytes_are_cleaned(answers):
    answers(b'[{"id": "\xed\xa0\x80"}]')
    assert rows(["id"]) == [["\ufffd"]]


def test_a_number_of_endless_digits_is_a_text(answers):
    answers('[{"id": 1, "name": ' + "9" * 5000 + '}, {"id": 2, "name": "x"}]')
    assert rows(["id", "name"]) == [["1", "9" * 5000], ["2", "x"]]


def deep(kind: str, depth: int) -> str:
    opening, closing = ("[", "]") if kind == "lists" else ('{"a":', "}")
    inner = opening * depth + "1" + closing * depth
    return '[{"id": "1", "name": "x", "more": ' + inner + "}]"


@pytest.mark.parametrize(
    ("kind", "depth"), [("lists", 200_000), ("objects", 40), ("objects", 200_000)]
)
def test_an_answer_without_a_bottom_fails_the_run_in_our_words(db, answers, kind, depth):
    answers('[{"id": "1", "name": "x"}]')
    source = a_source_over_the_line()
    answers(deep(kind, depth))
    run = ran(source)
    assert run.state == "failed" and failure_text(run) == "답의 단계가 너무 깊어요."
    assert not SourceRecord.objects.exists()
    with pytest.raises(Unusable):
        connector("rest", REACH, "").columns("people")


def test_a_next_page_that_is_no_address_is_told_in_our_words(answers):
    answers(json.dumps({"items": [{"id": "1"}], "next": "http://[::1"}))
    reach: dict[str, Any] = REACH | {"paging": "link", "items": "items"}
    with pytest.raises(Unusable, match="no web address"):
        list(connector("rest", reach, "").read(Ask("people", ["id"], ["id"])))
