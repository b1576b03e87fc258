"""Whatever any app writes into the trail of changes and the access log has words, in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.utils import translation

from dangol.campaigns.lists import DecisionList, TargetList
from dangol.core.masking import see_whole
from dangol.core.models import AuditEntry
from dangol.places.lists import AccessList
from dangol.places.trail import (
    PAGES,
    SUBJECTS,
    VERBS,
    field_of,
    told_changes,
    told_page,
    told_verb,
    verbs_by_word,
)
from dangol.quality.actions import SETTABLE

ROOT = Path(__file__).parents[2] / "dangol"
GIVEN_ON = {"cubes/actions/checking.py": "ended", "segments/lists.py": "exported_as"}
"""Where the verb is handed on by a caller: to a function as its second argument, or by a class."""
SHOWN_BY = {"campaigns/lists.py": "key", "segments/lists.py": "seen_as"}
"""Where a class says how the access log calls its page."""


def trees() -> Iterator[tuple[str, ast.AST]]:
    """Every module of the product."""
    for path in ROOT.rglob("*.py"):
        if not {"tests", "migrations"} & set(path.parts):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def name_of(call: ast.Call) -> str:
    return str(getattr(call.func, "id", None) or getattr(call.func, "attr", ""))


def text_of(node: ast.AST | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def verbs() -> Iterator[tuple[str, str | None]]:
    """(module, verb) of everything that is written down; None where a caller says it."""
    for module, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node) == "record_change":
                yield module, text_of(node.args[0])
            elif isinstance(node, ast.Call) and name_of(node) == "ended" and len(node.args) == 3:
                yield module, text_of(node.args[1])
            elif isinstance(node, ast.Assign):
                yield from ((module, verb) for verb in lent_by_class(node))
            elif (said := text_of(node)) and "INSERT INTO core_auditentry" in said:
                yield module, re.search(r"uuidv7\(\), .*?'(\w+)'", said, re.DOTALL)[1]  # type: ignore[index]


def lent_by_class(node: ast.Assign, wanted: str = "exported_as") -> Iterator[str]:
    """The verb, or the page, in `seen_as, exported_as = …`."""
    [target] = node.targets[:1]
    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
        for name, value in zip(target.elts, node.value.elts, strict=False):
            if getattr(name, "id", "") == wanted and (verb := text_of(value)):
                yield verb


def test_every_verb_has_words_and_stands_in_the_filter():
    written = {verb for _module, verb in verbs() if verb}
    assert {"follow_sources", "cubes.goal_ended", "segments.export", "import_customer"} <= written
    assert sorted(written - VERBS.keys()) == []
    assert written <= {verb for verb, _word in verbs_by_word()}


def test_a_verb_that_a_caller_says_is_found_at_the_caller():
    assert {module for module, verb in verbs() if verb is None} == GIVEN_ON.keys()


def test_every_verb_is_told_in_both_languages():
    for verb in VERBS:
        entry = AuditEntry(verb=verb)
        with translation.override("en"):
            english = told_verb(entry)
        with translation.override("ko"):
            korean = told_verb(entry)
        assert re.search("[가-힣]", korean) and not re.search("[가-힣]", english), verb


def test_what_has_words_is_a_row_that_exists():
    known = {model._meta.label_lower for model in apps.get_models()}
    assert sorted(SUBJECTS.keys() - known) == []


NAMED_OF_A_ROW = {
    "abilities": "api.token", "address": "sources.subscriber", "answer": "identity.question",
    "asked": "sources.run", "grant": "core.user", "result": "campaigns.target", "state": "core.user",
    "every": "cubes.subscription",
    "hold_out": "scores.use", "hour": "cubes.subscription", "kind": "customers.attribute",
    "merged": "customers.customer", "note": "interactions.interaction",
    "records": "customers.customer", "resolution": "cases.case", "run": "sources.source",
    "schedule": "sources.source", "sharing": "cubes.view", "split": "customers.customer",
    "test": "cubes.watch", "way": "sources.subscriber",
}  # fmt: skip
"""Fields that have their word from their model, or with their kind of row only."""


def fields() -> Iterator[str]:
    """Every field that is written down by its name."""
    for _module, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node) == "record_change":
                for said in (k.value for k in node.keywords if k.arg == "changes"):
                    if isinstance(said, ast.Dict):
                        yield from (name for key in said.keys if (name := text_of(key)))


def subjects_of_changes() -> dict[str, list[str]]:
    """What a change of a row may name: each field of its model that somebody sets."""
    return {
        "campaigns.campaign": ["name", "starts_on", "daily_capacity", "place"],
        "campaigns.stage": ["days_after", "max_attempts", "script"],
        "campaigns.target": ["assigned_to", "stage"],
        "cases.case": ["category", "priority", "title", "description"],
        "cubes.goal": ["name", "place", "value", "first", "last"],
        "cubes.watch": ["name", "test", "threshold", "least", "hours"],
        "customers.attribute": ["name", "name_en", "unit", "choices", "position", "consent"],
        "places.place": ["name", "parent", "kind", "calendar", "time_zone", "phone"],
        "quality.policy": sorted(SETTABLE),
        "scores.scoremodel": ["score_every", "learn_every", "settings"],
        "scores.use": ["customers", "hold_out"],
        "segments.segment": ["name", "place", "rule"],
        "sources.source": ["reach", "secret"],
        "surveys.survey": ["key", "title", "title_en", "process"],
    }


def test_every_field_is_told_in_both_languages():
    rows = [
        (AuditEntry(subject_type=NAMED_OF_A_ROW.get(name, "")), name)
        for name in sorted(set(fields()))
    ]
    assert {"paused_at", "weights", "position", "trust"} <= {name for _entry, name in rows}
    for subject, names in subjects_of_changes().items():
        rows += [(AuditEntry(subject_type=subject), name) for name in names]
    untold = []
    for entry, name in rows:
        for language, foreign in (("en", False), ("ko", True)):
            with translation.override(language):
                word = str(field_of(entry, name).label)
            if bool(re.search("[가-힣]", word)) is not foreign:
                untold.append((entry.subject_type, name, word))
    assert untold == []


def told(subject: str, changes: dict[str, Any]) -> str:
    """Changes as an administrator reads them in Korean."""
    with translation.override("ko"):
        return told_changes(AuditEntry(subject_type=subject, changes=changes))


@pytest.mark.parametrize(
    ("subject", "changes", "words"),
    [
        ("cases.case", {"priority": [1, 0]}, "우선순위: 보통 → 낮음"),
        ("core.user", {"grant": [None, "data_steward @ HQ"]}, "역할: 데이터 관리자 @ HQ"),
        ("core.user", {"state": ["available", "break"]}, "상태: 대기 → 휴식"),
        ("identity.question", {"answer": ["", "household"]}, "답변: 한 가구의 두 사람"),
        ("campaigns.target", {"result": ["", "too_late"]}, "결과: 기한 지남"),
        ("sources.run", {"asked": [{"why": "x"}, "allowed"]}, "허락함"),
    ],
)
def test_a_value_that_was_chosen_is_told_by_its_word(subject, changes, words):
    assert words in told(subject, changes)


def test_what_people_named_keeps_its_name_and_its_values():
    """A question may be called like a field of the answers, an outcome like one of its use."""
    see_whole(True)
    assert told("surveys.response", {"channel": ["phone", "sms"]}) == "channel: phone → sms"
    assert told("scores.use", {"days": [1, 2], "eSIM": [None, 3]}) == "days: 1 → 2; eSIM: 3"


def pages() -> Iterator[tuple[str, str | None]]:
    """(module, page) of everything that tells the access log whom it shows; None where a class says
    the page."""
    for module, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node) == "record_access":
                said = node.args[1]
                ways = [said.body, said.orelse] if isinstance(said, ast.IfExp) else [said]
                yield from ((module, text_of(way)) for way in ways)
            elif isinstance(node, ast.Assign):
                yield from ((module, page) for page in lent_by_class(node, "seen_as"))


def test_every_page_of_the_access_log_has_words_and_stands_in_the_filter():
    written = {page for _module, page in pages() if page} | {TargetList.key, DecisionList.key}
    assert {"split", "api splits", "correction task, whole", "segment", "returns"} <= written
    assert sorted(written - PAGES.keys()) == []
    assert sorted(PAGES.keys() - written) == [], "words of pages that are written no more"
    [by_page] = [one for one in AccessList.filters if one.name == "what"]
    assert {page for page, _word in by_page.choices()} == PAGES.keys()


def test_a_page_that_a_class_says_is_found_at_the_class():
    assert {module for module, page in pages() if page is None} == SHOWN_BY.keys()


def test_every_page_is_told_in_both_languages_and_by_words_of_its_own():
    for language, foreign in (("en", False), ("ko", True)):
        with translation.override(language):
            told = {page: told_page(page) for page in PAGES}
        assert len(set(told.values())) == len(told), language
        for page, word in told.items():
            assert bool(re.search("[가-힣]", word)) is foreign, (page, word)
