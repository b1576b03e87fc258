"""The page of rules and categories."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from dangol.cases import actions
from dangol.cases.forms import CategoryForm, RuleForm
from dangol.cases.models import Rule
from dangol.cases.queries import categories_in_use
from dangol.cases.rule_words import in_words
from dangol.core.access import needs
from dangol.interactions.question_names import known_questions


@needs("cases.configure")
def rules(request: HttpRequest) -> HttpResponse:
    """See, add rules and categories."""
    what = request.POST.get("what")
    known = known_questions()
    rule_form = RuleForm(known, request.POST if what == "rule" else None)
    category_form = CategoryForm(request.POST if what == "category" else None)
    if what == "rule" and rule_form.is_valid():
        actions.set_rule(by=request.user, **rule_form.cleaned_data)  # type: ignore[arg-type]
        return redirect("cases:rules")
    if what == "category" and category_form.is_valid():
        actions.add_category(by=request.user, **category_form.cleaned_data)  # type: ignore[arg-type]
        return redirect("cases:rules")
    in_force = Rule.objects.filter(ended_at=None).select_related("category")
    return render(
        request,
        "cases/rules.html",
        {
            "rules": [in_words(rule, known) for rule in in_force],
            "categories": categories_in_use().select_related("parent"),
            "rule_form": rule_form,
            "category_form": category_form,
        },
    )


@require_POST
@needs("cases.configure")
def rule_end(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The rule opens no more cases."""
    actions.end_rule(get_object_or_404(Rule, pk=pk, ended_at=None), by=request.user)  # type: ignore[arg-type]
    return redirect("cases:rules")
