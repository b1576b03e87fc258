"""The tree of categories and the rules that open cases."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from dangol.cases.models import Category, Rule
from dangol.core.audit import record_change
from dangol.core.models import User


@transaction.atomic
def add_category(*, code: str, name: str, by: User | None, **fields: Any) -> Category:
    """Add what cases can be about."""
    category = Category(code=code, name=name, **fields)
    category.full_clean()
    category.save(force_insert=True)
    record_change("add_category", category, by=by, changes={"code": [None, code]})
    return category


@transaction.atomic
def set_rule(*, by: User | None, rule: Rule | None = None, **fields: Any) -> Rule:
    """Make a rule, or change one: the old one ends and a new one begins, so that cases keep theirs."""
    fresh = Rule(**fields)
    fresh.full_clean()
    fresh.save(force_insert=True)
    if rule is not None:
        end_rule(rule, by=by)
    record_change("set_rule", fresh, by=by, changes={"name": [None, fresh.name]})
    return fresh


@transaction.atomic
def end_rule(rule: Rule, *, by: User | None, at: dt.datetime | None = None) -> None:
    """The rule opens no more cases."""
    if rule.ended_at is None:
        rule.ended_at = at or timezone.now()
        rule.save()
        record_change("end_rule", rule, by=by)
