"""Categories and rules of cases by program."""

from __future__ import annotations

import uuid
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Schema, Status
from pydantic import Field

from dangol.cases import actions
from dangol.cases.api.router import router
from dangol.cases.models import Category, Rule
from dangol.cases.queries import categories_in_use
from dangol.core.api import Body, may, one_of


class CategoryIn(Body):
    """What cases can be about."""

    code: str = Field(min_length=1, max_length=40)
    name: str = Field(min_length=1, max_length=100)
    name_en: str = Field("", max_length=100)
    kind: Literal["complaint", "request", "enquiry", "suggestion", "praise"] = "complaint"
    minutes: int = Field(480, ge=1, le=1_000_000)
    parent_id: uuid.UUID | None = None


class CategoryMade(Schema):
    """A category."""

    id: uuid.UUID
    code: str
    name: str
    minutes: int


class RuleIn(Body):
    """When a completed response opens a case by itself."""

    name: str = Field(min_length=1, max_length=100)
    process: Literal["", "product", "sales", "service", "other"] = ""
    question: str = Field("", max_length=60)
    at_most: float | None = Field(None, ge=0, le=100)
    equals: str = Field("", max_length=100)
    category_id: uuid.UUID
    priority: Literal[0, 1, 2, 3] = 1


class RuleOut(Schema):
    """A rule in force."""

    id: uuid.UUID
    name: str
    process: str
    question: str
    at_most: float | None
    equals: str
    category_id: uuid.UUID
    priority: int


@router.post("/case-categories", response={201: CategoryMade})
def add_case_category(request: HttpRequest, body: CategoryIn) -> Any:
    """Add what cases can be about."""
    user = may(request, "cases.configure")
    parent = None
    if body.parent_id:
        parent = one_of(Category.objects.all(), body.parent_id, "category")
    fields = body.dict(exclude={"parent_id"})
    return Status(201, actions.add_category(parent=parent, by=user, **fields))


@router.get("/case-rules", response=list[RuleOut])
def list_case_rules(request: HttpRequest) -> Any:
    """The rules in force."""
    may(request, "cases.configure")
    return Rule.objects.filter(ended_at=None)


@router.post("/case-rules", response={201: RuleOut})
def add_case_rule(request: HttpRequest, body: RuleIn) -> Any:
    """Make a rule."""
    user = may(request, "cases.configure")
    category = one_of(categories_in_use(), body.category_id, "category")
    fields = body.dict(exclude={"category_id"})
    return Status(201, actions.set_rule(category=category, by=user, **fields))


@router.delete("/case-rules/{rule_id}", response=RuleOut)
def end_case_rule(request: HttpRequest, rule_id: uuid.UUID) -> Any:
    """The rule opens no more cases."""
    user = may(request, "cases.configure")
    rule = one_of(Rule.objects.all(), rule_id, "rule")
    actions.end_rule(rule, by=user)
    return rule
