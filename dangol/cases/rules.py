"""Which rules a completed response meets."""

from __future__ import annotations

from typing import Any

from dangol.cases.models import Rule


def meets(rule: Rule, payload: dict[str, Any]) -> bool:
    """Whether the answers of a response meet one rule's test."""
    if rule.process and payload.get("process") != rule.process:
        return False
    if rule.question == "call_me":
        return bool(payload.get("call_me"))
    answer = payload.get("answers", {}).get(rule.question) if rule.question else None
    if rule.question and not answer:
        return False
    score = answer.get("score") if answer else payload.get("score")
    if rule.at_most is not None and (score is None or score > rule.at_most):
        return False
    if rule.equals:
        value = answer.get("value") if answer else None
        values = value if isinstance(value, list) else [value]
        return any(as_text(v) == rule.equals for v in values)
    return True


def as_text(value: Any) -> str:
    """An answer's value as a rule writes it: yes and no for truth."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def matching_rules(payload: dict[str, Any]) -> list[Rule]:
    """The rules in force that the response meets, the most urgent first."""
    rules = (
        Rule.objects.filter(ended_at=None).select_related("category").order_by("-priority", "pk")
    )
    return [rule for rule in rules if meets(rule, payload)]
