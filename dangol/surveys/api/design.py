"""Making surveys by program: wording, publication, weights, personal links."""

from __future__ import annotations

import uuid
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import Schema, Status
from pydantic import Field

from dangol.core.api import Body, Problem, may, one_of
from dangol.surveys import actions
from dangol.surveys.actions.design import DraftChanged
from dangol.surveys.api.router import router
from dangol.surveys.models import Index
from dangol.surveys.queries import responses_visible_to, surveys_visible_to

Question = dict[str, Any]


class SurveyIn(Body):
    """A survey to make, with its first questions."""

    key: str = Field(pattern=r"^[a-z0-9_-]{1,60}$")
    title: str = Field(min_length=1, max_length=200)
    title_en: str = Field("", max_length=200)
    process: Literal["product", "sales", "service", "confirmation", "other"]
    body: list[Question] = Field(default_factory=list, max_length=200)


class DraftIn(Body):
    """The draft's questions; `revision` is the one that was read (0: whatever stands)."""

    body: list[Question] = Field(max_length=200)
    revision: int = Field(0, ge=0, le=2_000_000_000)


class DraftOut(Schema):
    """A version as it stands now."""

    id: uuid.UUID
    number: int
    revision: int
    body: list[Question]


class WeightsIn(Body):
    """The items of a process with their weights."""

    items: list[Question] = Field(min_length=1, max_length=60)


class WeightsOut(Schema):
    """The weights in force."""

    process: str
    number: int
    items: list[Question]


class LinkOut(Schema):
    """A personal link, told this once."""

    url: str


def mine(request: HttpRequest, key: uuid.UUID) -> Any:
    """A survey, for somebody who may change it."""
    may(request, "surveys.edit")
    return one_of(surveys_visible_to(may(request, "surveys.see")), key, "survey")


@router.post("/surveys", response={201: DraftOut})
def create_survey(request: HttpRequest, body: SurveyIn) -> Any:
    """Make a survey with a first draft."""
    survey = actions.create_survey(by=may(request, "surveys.edit"), **body.dict())
    return Status(201, survey.versions.get())


@router.put("/surveys/{survey_id}/draft", response=DraftOut)
def save_survey_draft(request: HttpRequest, survey_id: uuid.UUID, body: DraftIn) -> Any:
    """Write the draft; after a publication this begins the next version."""
    survey = mine(request, survey_id)
    try:
        return actions.save_draft_version(
            survey, body.body, by=may(request, "surveys.edit"), revision=body.revision or None
        )
    except DraftChanged:
        raise Problem(409, _("Changed meanwhile"), _("Read the draft again and decide.")) from None


@router.post("/surveys/{survey_id}/publication", response=DraftOut)
def publish_survey(request: HttpRequest, survey_id: uuid.UUID) -> Any:
    """Ask the draft from now on; answered versions stay as they are."""
    draft = mine(request, survey_id).versions.filter(published_at=None).first()
    if draft is None:
        raise ValidationError("There is no draft to publish.")
    return actions.publish_version(draft, by=may(request, "surveys.edit"))


@router.get("/indexes", response=list[WeightsOut])
def list_indexes(request: HttpRequest) -> Any:
    """The weights in force, one for each process."""
    may(request, "surveys.see")
    return Index.objects.order_by("process", "-number").distinct("process")


@router.put("/indexes/{process}", response=WeightsOut)
def define_index(
    request: HttpRequest,
    process: Literal["product", "sales", "service", "confirmation", "other"],
    body: WeightsIn,
) -> Any:
    """Weigh a process's items anew; responses completed before keep the weights of their day."""
    return actions.define_index(process, body.items, by=may(request, "surveys.edit"))


@router.post("/responses/{response_id}/links", response={201: LinkOut})
def invite_customer(request: HttpRequest, response_id: uuid.UUID) -> Any:
    """A personal link by which the customer answers without signing in."""
    user = may(request, "desk.work")
    found = one_of(responses_visible_to(user), response_id, "response")
    token = actions.invite(found, by=user)
    return Status(201, {"url": request.build_absolute_uri(reverse("surveys:answer", args=[token]))})
