"""Members by program, who came and went, subscribers, uploaded lists."""

from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Status
from ninja.files import UploadedFile

from dangol.core.api import After, Limit, Page, Problem, may, one_of, page_of
from dangol.core.audit import record_access
from dangol.customers.queries import customers_visible_to
from dangol.places.scope import places_visible_to
from dangol.segments import subscribing, uploading
from dangol.segments.api.router import router
from dangol.segments.api.rules import mine
from dangol.segments.api.schemas import (
    ChangeOut,
    ListIn,
    ListOut,
    MemberOut,
    PositionIn,
    SubscriptionIn,
    SubscriptionOut,
)
from dangol.segments.models import Change, Subscription
from dangol.segments.queries import (
    lists_visible_to,
    members_visible_to,
)


@router.get("/segments/{segment_id}/members", response=Page[MemberOut])
def list_segment_members(
    request: HttpRequest, segment_id: uuid.UUID, after: After = "", limit: Limit = 50
):  # type: ignore[no-untyped-def]
    """The members whom you may see."""
    user = may(request, "segments.members")
    page = page_of(members_visible_to(user, mine(request, segment_id)), "pk", after, limit)
    record_access(request, "api segment", [row.pk for row in page["items"]])
    return page


@router.get("/segments/{segment_id}/changes", response=Page[ChangeOut])
def list_segment_changes(
    request: HttpRequest,
    segment_id: uuid.UUID,
    after: After = "",
    limit: Limit = 50,
    since: int = 0,
):  # type: ignore[no-untyped-def]
    """Who came and left after a position, in their order, as far as you may see them."""
    user = may(request, "segments.members")
    segment = mine(request, segment_id)
    seen = customers_visible_to(user).order_by().values("pk")
    rows = Change.objects.filter(segment=segment, customer__in=seen)
    rows = rows.filter(position__gt=min(max(since, 0), 2**63 - 1))
    page = page_of(rows, "pk", after, limit)
    record_access(request, "api segment changes", [row.customer_id for row in page["items"]])
    return page


@router.post("/segments/{segment_id}/subscriptions", response=SubscriptionOut)
def subscribe_to_segment(request: HttpRequest, segment_id: uuid.UUID, body: SubscriptionIn):  # type: ignore[no-untyped-def]
    """Begin to follow who comes and leaves; a second time changes nothing."""
    segment = mine(request, segment_id, "segments.edit")
    return subscribing.subscribe(f"api.{body.name}", segment)


@router.put("/segments/{segment_id}/subscriptions/{name}", response=SubscriptionOut)
def acknowledge_segment_changes(
    request: HttpRequest, segment_id: uuid.UUID, name: str, body: PositionIn
):  # type: ignore[no-untyped-def]
    """Say how far you have come; never backwards."""
    segment = mine(request, segment_id, "segments.edit")
    try:
        return subscribing.acknowledge(f"api.{name[:60]}", segment, body.position)
    except Subscription.DoesNotExist:
        raise Problem(404, _("Not found"), _("Nobody of this name follows the segment.")) from None


@router.get("/segment-lists", response=Page[ListOut])
def list_segment_lists(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Uploaded lists, the newest first."""
    return page_of(lists_visible_to(may(request, "segments.see")), "-created_at", after, limit)


@router.post("/segment-lists", response={201: ListOut})
def upload_segment_list(request: HttpRequest, body: Form[ListIn], file: File[UploadedFile]):  # type: ignore[no-untyped-def]
    """Upload a list of customer numbers, phones or e-mail addresses (CSV or XLSX)."""
    user = may(request, "segments.upload")
    place = one_of(places_visible_to(user, "segments.upload"), body.place_id, "place")
    try:
        return Status(201, uploading.upload_list(file, name=body.name, place=place, by=user))
    except ValidationError as refusal:
        if hasattr(refusal, "error_dict"):
            raise
        raise ValidationError({"file": refusal.messages}) from None


@router.post("/segment-lists/{list_id}/end", response=ListOut)
def end_segment_list(request: HttpRequest, list_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """Forget whom a list names."""
    user = may(request, "segments.upload")
    found = one_of(lists_visible_to(user, "segments.upload"), list_id, "list")
    return uploading.end_list(found, by=user)
