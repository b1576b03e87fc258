"""Sites that their source no longer has, by program."""

from __future__ import annotations

import datetime as dt
import uuid

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from dangol.core.api import After, Body, Limit, Page, may, one_of, page_of
from dangol.sources.gone_sites import answer_gone_site, gone_sites_visible_to
from dangol.sources.models import GoneSite

router = Router(tags=["sources"])


class GoneSiteOut(Schema):
    """A site that its source no longer has, and who is there."""

    id: uuid.UUID
    place_id: uuid.UUID
    code: str
    source_id: uuid.UUID
    gone_at: dt.datetime
    customers: int
    staff: int

    @staticmethod
    def resolve_code(item: GoneSite) -> str:
        """The site's code."""
        return item.place.code


class GoneSiteAnswer(Body):
    """What an administrator says."""

    close: bool = Field(description="close the site; or keep it although it is gone there")


@router.get("/gone-sites", response=Page[GoneSiteOut])
def list_gone_sites(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Sites that their source no longer has and that wait for an answer, the oldest first."""
    return page_of(gone_sites_visible_to(may(request, "places.edit")), "gone_at", after, limit)


@router.post("/gone-sites/{gone_site_id}/answer", response={204: None})
def answer_a_gone_site(request: HttpRequest, gone_site_id: uuid.UUID, body: GoneSiteAnswer):  # type: ignore[no-untyped-def]
    """Close the site, or keep it."""
    by = may(request, "places.edit")
    item = one_of(gone_sites_visible_to(by), gone_site_id, "site")
    answer_gone_site(item, close=body.close, by=by)
    return Status(204, None)
