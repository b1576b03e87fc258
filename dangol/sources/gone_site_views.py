"""The sites that their source no longer has: an administrator closes or keeps them."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from dangol.core.access import needs
from dangol.sources.gone_sites import answer_gone_site, gone_sites_visible_to
from dangol.sources.models import GoneSite
from dangol.ui.lists import BulkAction, Column, ListPage


class GoneSiteList(ListPage):
    """What waits for an answer, the oldest first."""

    key = "gone_sites"
    title = _("Sites no longer in their source")
    ability = "places.edit"
    order = "gone_at"
    columns = [
        Column("place", _("Site"), value=lambda item: str(item.place), main=True),
        Column("source", _("No longer in"), value=lambda item: item.source.name),
        Column("gone_at", _("Gone since"), sortable=True, dim=True),
        Column("customers", _("Customers at home there"), number=True),
        Column("staff", _("Staff"), number=True),
    ]
    search = ("place__name", "place__code")
    actions = [
        BulkAction(_("Close the site"), "sources:close_gone_sites", "archive", "places.edit", danger=True),
        BulkAction(_("Keep it open"), "sources:keep_gone_sites", "check", "places.edit"),
    ]  # fmt: skip
    empty_title = _("Every site is still in its source")
    empty_text = _("When a source loses a site, it is named here. No machine closes a site: its customers, cases and staff are yours to move.")  # fmt: skip

    def rows(self, request: HttpRequest) -> QuerySet[GoneSite]:
        return gone_sites_visible_to(request.user)  # type: ignore[arg-type]

    def row_url(self, row: Model) -> str:
        return reverse("places:place", args=[row.place_id])  # type: ignore[attr-defined]


def answered(request: HttpRequest, *, close: bool) -> HttpResponse:
    """Answer the chosen ones; a site that cannot be closed yet says why and stays."""
    done = 0
    for item in list(GoneSiteList.chosen(request)[:1000]):
        try:
            answer_gone_site(item, close=close, by=request.user)  # type: ignore[arg-type]
            done += 1
        except ValidationError as refusal:
            messages.error(request, f"{item.place}: {' '.join(refusal.messages)}")
    if done:
        said = ngettext("%(n)s site was answered.", "%(n)s sites were answered.", done)
        messages.success(request, said % {"n": done})
    return redirect("sources:gone_sites")


@require_POST
@needs("places.edit")
def closure(request: HttpRequest) -> HttpResponse:
    """Close the chosen sites."""
    return answered(request, close=True)


@require_POST
@needs("places.edit")
def keeping(request: HttpRequest) -> HttpResponse:
    """Keep the chosen sites."""
    return answered(request, close=False)
