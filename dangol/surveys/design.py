"""What a survey's questions and an index's items must look like before they are kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from dangol.surveys.questions import NPS, TYPES

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
FARTHEST = 1000
OPS = ("eq", "ne", "le", "ge", "answered")


def checked_body(body: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The questions in their kept form; ValidationError {question key: what is wrong}."""
    wrong: dict[str, str] = {}
    seen: list[str] = []
    clean = []
    for number, question in enumerate(body, 1):
        key = str(question.get("key", ""))
        try:
            clean.append(checked_question(question, seen))
        except ValueError as error:
            wrong[key or f"#{number}"] = str(error)
        except (AttributeError, KeyError, TypeError):
            wrong[key or f"#{number}"] = _("This question cannot be read.")
        seen.append(key)
    if wrong:
        raise ValidationError(wrong)
    return clean


def checked_question(question: dict[str, Any], before: list[str]) -> dict[str, Any]:
    """One question with only the fields its type has; ValueError with a sentence for the designer."""
    key, kind = str(question.get("key", "")), question.get("type")
    if not KEY.fullmatch(key):
        raise ValueError(_("A key is a small letter, then small letters, digits and _."))
    if key in before:
        raise ValueError(_("Two questions have the same key."))
    if kind not in TYPES:
        raise ValueError(_("This question has an unknown type."))
    clean: dict[str, Any] = {"key": key, "type": kind, "text": words(question.get("text"))}
    if not clean["text"].get("ko"):
        raise ValueError(_("The question has no words."))
    if any(words(question.get("help")).values()):
        clean["help"] = words(question["help"])
    for flag in ("required", "call_me"):
        if question.get(flag) is True and (flag != "call_me" or kind == "yesno"):
            clean[flag] = True
    if question.get("item") and kind not in ("text", "multi", "matrix"):
        clean["item"] = checked_key(question["item"])
    if kind in ("scale", "matrix"):
        clean["scale"] = checked_scale(question.get("scale") or {})
    if kind == "nps":
        clean["scale"] = {**NPS, "labels": labels(question.get("scale") or {})}
    if kind in ("choice", "multi"):
        clean["options"] = checked_options(question.get("options") or [])
    if kind == "matrix":
        clean["rows"] = checked_rows(question.get("rows") or [])
    if question.get("show_if"):
        clean["show_if"] = checked_rule(question["show_if"], before)
    return clean


def words(given: Any) -> dict[str, str]:
    """A text in Korean and English."""
    if not isinstance(given, dict):
        return {}
    return {k: str(given[k]).strip()[:500] for k in ("ko", "en") if str(given.get(k) or "").strip()}


def checked_key(given: Any) -> str:
    if not KEY.fullmatch(str(given)):
        raise ValueError(_("A key is a small letter, then small letters, digits and _."))
    return str(given)


def labels(scale: dict[str, Any]) -> dict[str, Any]:
    """Words at the two ends of a scale."""
    given = scale.get("labels") or {}
    return {end: words(given.get(end)) for end in ("low", "high") if words(given.get(end))}


def checked_scale(scale: dict[str, Any]) -> dict[str, Any]:
    low, high = scale.get("low", 1), scale.get("high", 5)
    if not (isinstance(low, int) and isinstance(high, int)) or not 1 <= abs(high - low) <= 10:
        raise ValueError(_("A scale has 2 to 11 whole steps."))
    if max(abs(low), abs(high)) > FARTHEST:
        raise ValueError(_("A scale lies between -1000 and 1000."))
    return {"low": low, "high": high, "labels": labels(scale)}


def checked_options(options: list[dict[str, Any]]) -> list[dict[str, Any]]:
    clean: list[dict[str, Any]] = []
    for option in options:
        one: dict[str, Any] = {
            "value": checked_key(option.get("value")),
            "text": words(option.get("text")),
        }
        if not one["text"].get("ko"):
            raise ValueError(_("An option has no words."))
        if option.get("score") is not None:
            if not isinstance(option["score"], int | float) or not 0 <= option["score"] <= 100:
                raise ValueError(_("An option's score lies between 0 and 100."))
            one["score"] = option["score"]
        clean.append(one)
    if len(clean) < 2 or len({one["value"] for one in clean}) < len(clean):
        raise ValueError(_("There must be two or more different options."))
    return clean


def checked_rows(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    clean = []
    for row in rows:
        one = {"key": checked_key(row.get("key")), "text": words(row.get("text"))}
        if not one["text"].get("ko"):
            raise ValueError(_("A row has no words."))
        if row.get("item"):
            one["item"] = checked_key(row["item"])
        clean.append(one)
    if not clean or len({one["key"] for one in clean}) < len(clean):
        raise ValueError(_("There must be rows, with different keys."))
    return clean


def checked_rule(rule: dict[str, Any], before: list[str]) -> dict[str, Any]:
    """A branching rule looks back only, so that it can always be decided."""
    for joined in ("all", "any"):
        if joined in rule:
            return {joined: [checked_rule(one, before) for one in rule[joined]]}
    if rule.get("question") not in before:
        raise ValueError(_("A rule can only ask about a question above."))
    if rule.get("op") not in OPS:
        raise ValueError(_("This rule has an unknown comparison."))
    clean = {"question": rule["question"], "op": rule["op"]}
    return clean if rule["op"] == "answered" else {**clean, "value": rule.get("value")}


def checked_items(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """An index's items with whole weights; ValidationError otherwise."""
    clean = []
    for item in items:
        weight = item.get("weight")
        if not KEY.fullmatch(str(item.get("key"))) or not words(item.get("text")).get("ko"):
            raise ValidationError(_("An item needs a key and a name."))
        if not isinstance(weight, int) or not 0 <= weight <= 1000:
            raise ValidationError(_("A weight is a whole number from 0 to 1000."))
        clean.append({"key": item["key"], "text": words(item["text"]), "weight": weight})
    if len({i["key"] for i in clean}) < len(clean):
        raise ValidationError(_("Two items have the same key."))
    if not any(i["weight"] for i in clean):
        raise ValidationError(_("At least one item must weigh something."))
    return clean


def differing(
    before: list[dict[str, Any]], after: list[dict[str, Any]]
) -> Iterator[tuple[str, str, list[str]]]:
    """What changed between two versions: (question key, added|removed|moved|changed, fields)."""
    old = {q["key"]: q for q in before}
    new = {q["key"]: q for q in after}
    for key in old.keys() - new.keys():
        yield key, "removed", []
    stayed_old = [k for k in old if k in new]
    stayed_new = [k for k in new if k in old]
    for key, question in new.items():
        if key not in old:
            yield key, "added", []
            continue
        fields = sorted(f for f in {*old[key], *question} if old[key].get(f) != question.get(f))
        if fields:
            yield key, "changed", fields
        elif stayed_old.index(key) != stayed_new.index(key):
            yield key, "moved", []
