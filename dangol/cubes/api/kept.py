"""Views by program: kept questions, who may open them, and their mails."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Schema, Status
from pydantic import Field

from dangol.core.api import After, Body, Limit, Page, may, one_of, page_of
from dangol.cubes import actions
from dangol.cubes.api.questions import AsksQuestion, KeptQuestionIn
from dangol.cubes.api.router import router
from dangol.cubes.models import Subscription, View
from dangol.cubes.queries import subscriptions_of, views_visible_to

SharedWith = Literal["none", "roles", "everyone"]
RoleName = Annotated[str, Field(max_length=20)]


class CubeSharingIn(Body):
    """Who else may open a view; everybody sees the figures of the own places only."""

    sharing: SharedWith = "none"
    roles: Annotated[list[RoleName], Field(max_length=20)] = []


class CubeViewIn(CubeSharingIn):
    """A question to keep under a name; the same name again replaces it."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    question: KeptQuestionIn


class CubeViewOut(AsksQuestion):
    """A kept question."""

    id: uuid.UUID
    name: str
    owner_id: uuid.UUID
    owner: str
    sharing: str
    roles: list[str]
    link: str
    ended_at: dt.datetime | None

    @staticmethod
    def resolve_owner(view: View) -> str:
        return str(view.owner)

    @staticmethod
    def resolve_link(view: View) -> str:
        return f"/cubes/?{view.address}"


class CubeSubscriptionIn(Body):
    """When a view is mailed, and as which files."""

    every: Literal["day", "week", "month"] = "day"
    hour: Annotated[int, Field(ge=0, le=23)] = 8
    xlsx: bool = True
    pdf: bool = True


class CubeSubscriptionOut(Schema):
    """A view by mail."""

    id: uuid.UUID
    view_id: uuid.UUID
    view: str
    every: str
    hour: int
    xlsx: bool
    pdf: bool
    sent_on: dt.date | None
    ended_at: dt.datetime | None

    @staticmethod
    def resolve_view(subscription: Subscription) -> str:
        return subscription.view.name


def the_view(request: HttpRequest, key: uuid.UUID) -> View:
    """A view that the person may open."""
    return one_of(views_visible_to(may(request, "cubes.see")), key, "view")


@router.get("/cubes/views", response=Page[CubeViewOut])
def list_cube_views(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Your own views and those that were shared with you, by name."""
    return page_of(views_visible_to(may(request, "cubes.see")), "name", after, limit)


@router.get("/cubes/views/{cube_view_id}", response=CubeViewOut)
def get_cube_view(request: HttpRequest, cube_view_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """One view."""
    return the_view(request, cube_view_id)


@router.post("/cubes/views", response={201: CubeViewOut})
def save_cube_view(request: HttpRequest, body: CubeViewIn):  # type: ignore[no-untyped-def]
    """Keep a question under a name; your view of the same name gets the new question."""
    user = may(request, "cubes.see")
    made = actions.save_view(
        name=body.name, address=body.question.address(), sharing=body.sharing,
        roles=body.roles, by=user,
    )  # fmt: skip
    return Status(201, made)


@router.put("/cubes/views/{cube_view_id}/sharing", response=CubeViewOut)
def share_cube_view(request: HttpRequest, cube_view_id: uuid.UUID, body: CubeSharingIn):  # type: ignore[no-untyped-def]
    """Say who else may open a view of your own."""
    found = the_view(request, cube_view_id)
    user = may(request, "cubes.see")
    return actions.share_view(found, sharing=body.sharing, roles=body.roles, by=user)


@router.post("/cubes/views/{cube_view_id}/end", response=CubeViewOut)
def end_cube_view(request: HttpRequest, cube_view_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Forget a view of your own; its mails end with it."""
    return actions.end_view(the_view(request, cube_view_id), by=may(request, "cubes.see"))


@router.put("/cubes/views/{cube_view_id}/subscription", response=CubeSubscriptionOut)
def subscribe_to_cube_view(request: HttpRequest, cube_view_id: uuid.UUID, body: CubeSubscriptionIn):  # type: ignore[no-untyped-def]
    """Have a view mailed to you; another rhythm replaces the one before."""
    found = the_view(request, cube_view_id)
    return actions.subscribe(found, by=may(request, "cubes.see"), **body.dict())


@router.get("/cubes/subscriptions", response=Page[CubeSubscriptionOut])
def list_cube_subscriptions(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """What is mailed to you, the newest first."""
    return page_of(subscriptions_of(may(request, "cubes.see")), "-created_at", after, limit)


@router.post("/cubes/subscriptions/{cube_subscription_id}/end", response=CubeSubscriptionOut)
def end_cube_subscription(request: HttpRequest, cube_subscription_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """No more mails of this view."""
    user = may(request, "cubes.see")
    found = one_of(subscriptions_of(user), cube_subscription_id, "subscription")
    return actions.unsubscribe(found, by=user)
