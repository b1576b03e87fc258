"""Designing surveys in the browser: the draft is kept with every change, publishing is one press."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.core.sent_json import read_json
from dangol.surveys import actions
from dangol.surveys.actions.design import DraftChanged
from dangol.surveys.asking import in_words, shown_questions
from dangol.surveys.design import checked_body, differing
from dangol.surveys.forms import NameForm, SurveyForm
from dangol.surveys.models import Index, Process, Survey, Version
from dangol.surveys.queries import surveys_visible_to
from dangol.surveys.views import told

MOST = 500_000
"""Characters that a draft may have."""


def the_survey(request: HttpRequest, pk: uuid.UUID) -> Survey:
    """A survey that this person may see, or 404."""
    return get_object_or_404(surveys_visible_to(request.user), pk=pk)  # type: ignore[arg-type]


@needs("surveys.see")
def survey_list(request: HttpRequest) -> HttpResponse:
    """Every survey with its version, and the index of each process."""
    rows = (
        surveys_visible_to(request.user)
        .annotate(  # type: ignore[arg-type]
            asked=Max("versions__number", filter=Q(versions__published_at__isnull=False)),
            drafts=Count("versions", filter=Q(versions__published_at=None)),
        )
        .order_by("created_at")
    )
    newest = Index.objects.order_by("process", "-number").distinct("process")
    return render(
        request,
        "surveys/survey_list.html",
        {
            "surveys": rows,
            "indexes": [
                (i, Process(i.process).label, [(in_words(x["text"]), x["weight"]) for x in i.items])
                for i in newest
            ],
            "may_edit": request.user.can("surveys.edit"),  # type: ignore[union-attr]
        },
    )


@needs("surveys.edit")
def new(request: HttpRequest) -> HttpResponse:
    """Begin a survey."""
    form = SurveyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            survey = actions.create_survey(**form.cleaned_data, by=request.user)  # type: ignore[arg-type]
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
        else:
            return redirect("surveys:design", survey.pk)
    return render(request, "surveys/new.html", {"form": form}, status=422 if form.errors else 200)


@needs("surveys.see")
def design(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The designer: questions, the settings of one, the preview."""
    survey = the_survey(request, pk)
    versions = list(survey.versions.select_related("published_by"))
    latest = versions[-1] if versions else Version(survey=survey, number=1, body=[])
    index = Index.objects.filter(process=survey.process).order_by("-number").first()
    return render(
        request,
        "surveys/design.html",
        {
            "survey": survey,
            "version": latest,
            "revision": 0 if latest.published_at else latest.revision,
            "asked": next((v for v in reversed(versions) if v.published_at), None),
            "items": [(i["key"], in_words(i["text"])) for i in (index.items if index else [])],
            "questions": shown_questions(latest.body),
            "name_form": NameForm(initial={"title": survey.title, "title_en": survey.title_en}),
            "may_edit": request.user.can("surveys.edit"),  # type: ignore[union-attr]
        },
    )


def sent_body(request: HttpRequest) -> tuple[list[dict[str, Any]], int | None] | None:
    """The questions in a JSON request; None when it is not one."""
    try:
        sent = read_json(request.body)
        body, revision = sent["body"], sent.get("revision")
    except (ValueError, KeyError, TypeError):
        return None
    fits = isinstance(body, list) and all(isinstance(q, dict) for q in body)
    return (body, revision) if fits and len(request.body) <= MOST else None


@require_POST
@needs("surveys.edit")
def draft(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Keep the draft: {"number", "revision"}; 422 with what is wrong; 409 if somebody else saved."""
    survey = the_survey(request, pk)
    sent = sent_body(request)
    if sent is None:
        return HttpResponseBadRequest()
    try:
        version = actions.save_draft_version(survey, sent[0], by=request.user, revision=sent[1])  # type: ignore[arg-type]
    except ValidationError as refusal:
        return JsonResponse({"errors": told(refusal)}, status=422)
    except DraftChanged:
        return JsonResponse(
            {"errors": {"": [_("Somebody else changed this draft meanwhile. Reload the page.")]}},
            status=409,
        )
    return JsonResponse({"number": version.number, "revision": version.revision})


@require_POST
@needs("surveys.see")
def preview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The questions as they would be asked."""
    the_survey(request, pk)
    sent = sent_body(request)
    if sent is None:
        return HttpResponseBadRequest()
    try:
        body = checked_body(sent[0])
    except ValidationError as refusal:
        return JsonResponse({"errors": told(refusal)}, status=422)
    return render(request, "surveys/_questions.html", {"questions": shown_questions(body)})


@require_POST
@needs("surveys.edit")
def publication(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Ask the draft from now on."""
    survey = the_survey(request, pk)
    latest = survey.versions.last()
    try:
        if latest and not latest.published_at:
            actions.publish_version(latest, by=request.user)  # type: ignore[arg-type]
            messages.success(
                request, _("Version %(n)s is asked from now on.") % {"n": latest.number}
            )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect("surveys:design", pk)


@require_POST
@needs("surveys.edit")
def name(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Give the survey another name."""
    survey = the_survey(request, pk)
    form = NameForm(request.POST)
    if form.is_valid():
        actions.rename_survey(survey, **form.cleaned_data, by=request.user)  # type: ignore[arg-type]
    return redirect("surveys:design", pk)


@needs("surveys.see")
def versions(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Every version, and what changed from one to the next."""
    survey = the_survey(request, pk)
    rows = list(survey.versions.select_related("published_by").annotate(answers=Count("responses")))
    told_rows = []
    for before, version in zip([None, *rows], rows, strict=False):
        changes = differing(before.body, version.body) if before else []
        version.texts = [in_words(q["text"]) for q in version.body]
        texts = {q["key"]: in_words(q["text"]) for v in (before, version) if v for q in v.body}
        told_rows.append((version, [(texts[key], kind, fields) for key, kind, fields in changes]))
    return render(request, "surveys/versions.html", {"survey": survey, "versions": told_rows[::-1]})
