"""Pages of a programme's stages, with the script as it will be read."""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from dangol.campaigns import programmes, script
from dangol.campaigns.forms import StageForm
from dangol.campaigns.models import Campaign, Stage
from dangol.campaigns.views import the_programme
from dangol.core.access import needs


def previewed(campaign: Campaign, form: StageForm) -> dict[str, str]:
    """The script in both languages with example values."""
    days = str(form["days_after"].value() or "0")
    found = {}
    for name, language in (("script", "ko"), ("script_en", "en")):
        place = campaign.place.name_en if language == "en" else campaign.place.name
        found[name] = script.preview(
            form[name].value() or "",
            days=int(days) if days.isdecimal() else 0, place=place, language=language,
        )  # fmt: skip
    return found


def shown(request: HttpRequest, campaign: Campaign, form: StageForm, stage: Stage | None) -> HttpResponse:  # fmt: skip
    """The stage's form beside its preview."""
    context = {
        "campaign": campaign, "stage": stage, "form": form, "tab": "overview",
        "preview": previewed(campaign, form),
    }  # fmt: skip
    return render(request, "campaigns/stage.html", context)


@needs("programmes.edit")
def add(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add a stage."""
    campaign = the_programme(request, pk, "programmes.edit")
    order = campaign.stages.filter(ended_at=None).count() + 1
    form = StageForm(request.user, request.POST or None, initial={"order": order})  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        programmes.add_stage(campaign, by=request.user, **form.values())  # type: ignore[arg-type]
        return redirect("campaigns:programme", pk)
    return shown(request, campaign, form, None)


@needs("programmes.edit")
def change(request: HttpRequest, pk: uuid.UUID, stage_pk: uuid.UUID) -> HttpResponse:
    """Change a stage."""
    campaign = the_programme(request, pk, "programmes.edit")
    stage = get_object_or_404(campaign.stages.filter(ended_at=None), pk=stage_pk)
    form = StageForm(request.user, request.POST or None, instance=stage)  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        programmes.change_stage(Stage(pk=stage.pk), by=request.user, **form.values())  # type: ignore[arg-type]
        return redirect("campaigns:programme", pk)
    return shown(request, campaign, form, stage)


@require_POST
@needs("programmes.edit")
def preview(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The script as it will be read, while it is written."""
    campaign = the_programme(request, pk, "programmes.edit")
    form = StageForm(request.user, request.POST)  # type: ignore[arg-type]
    context = {"campaign": campaign, "preview": previewed(campaign, form)}
    return render(request, "campaigns/stage.html#preview", context)


@require_POST
@needs("programmes.edit")
def end(request: HttpRequest, pk: uuid.UUID, stage_pk: uuid.UUID) -> HttpResponse:
    """Make no more calls of a stage."""
    campaign = the_programme(request, pk, "programmes.edit")
    stage = get_object_or_404(campaign.stages, pk=stage_pk)
    programmes.end_stage(stage, by=request.user)  # type: ignore[arg-type]
    return redirect("campaigns:programme", pk)
