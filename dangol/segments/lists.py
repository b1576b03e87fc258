"""The list of segments, and the lists of their members."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dangol.core.audit import record_access, record_change
from dangol.customers.lists import CustomerList as CustomersPage
from dangol.customers.models import Customer
from dangol.segments.models import Segment, SizeDay
from dangol.segments.queries import (
    changed_visible_to,
    how_many_visible_to,
    members_visible_to,
    running,
    segments_visible_to,
)
from dangol.ui.lists import ChoiceFilter, Column, ListPage, record_url
from dangol.ui.templatetags.measures import figures, sparkline
from dangol.ui.templatetags.ui import badge

RECENT = 30


def size_cell(segment: Segment) -> str:
    """How many; a dash until it was counted."""
    if segment.failure:
        return badge(gettext("cannot be counted"), "bad")
    return figures(segment.size)


def course_cell(segment: Segment) -> str:
    """How its size went in the last days."""
    return sparkline(segment.course, label=gettext("Size of the last days"), cell=True)  # type: ignore[attr-defined]


def by_state(rows: QuerySet, values: list[str]) -> QuerySet:
    """Counted ones, or ended ones."""
    if len(values) != 1:
        return rows
    return rows.filter(ended_at__isnull=values == ["open"])


class SegmentList(ListPage):
    """Segments that the person may see."""

    key = "segments"
    title = _("Segments")
    ability = "segments.see"
    columns = [
        Column("name", _("Name"), value=str, main=True, sortable="name"),
        Column("size", _("Customers"), cell=size_cell, sortable=True, number=True),
        Column("course", _("30 days"), value=lambda s: "", cell=course_cell),
        Column(
            "entered", _("Entered today"), value=lambda s: s.today and s.today.entered, number=True
        ),
        Column("left", _("Left today"), value=lambda s: s.today and s.today.left, number=True),
        Column("place", _("Place"), value=lambda s: str(s.place), dim=True),
        Column("owner", _("Owner"), value=lambda s: s.owner and str(s.owner), dim=True),
        Column("counted_at", _("Counted"), sortable=True, dim=True),
    ]
    filters = [
        ChoiceFilter(
            "state", _("State"), [("open", _("counted")), ("ended", _("ended"))], apply=by_state
        )
    ]
    order = "name"
    presets = [(_("Counted"), "state=open")]
    search = ("name", "name_en", "description")
    search_hint = _("Name or description")
    empty_title = _("No segments yet")
    empty_text = _("A segment says who: by attributes, purchases, answers, what followed what. It is counted again whenever something happens.")  # fmt: skip
    page_template = "segments/list.html"

    def rows(self, request: HttpRequest) -> QuerySet[Segment]:
        return segments_visible_to(request.user).select_related("place", "owner")  # type: ignore[arg-type]

    def row_url(self, row: Model) -> str:
        return record_url("segments:segment", row.pk)

    def completed(self, rows: list[Segment]) -> None:  # type: ignore[override]
        days: dict[uuid.UUID, list[SizeDay]] = {}
        some = SizeDay.objects.filter(segment__in=[row.pk for row in rows]).order_by("day")
        since = timezone.localdate() - timezone.timedelta(days=RECENT)
        for size in some.filter(day__gte=since):
            days.setdefault(size.segment_id, []).append(size)
        for row in rows:
            sizes = days.get(row.pk, [])
            row.course = [s.size for s in sizes]  # type: ignore[attr-defined]
            row.today = sizes[-1] if sizes and sizes[-1].day == timezone.localdate() else None  # type: ignore[attr-defined]

    def extra(self, request: HttpRequest) -> dict:
        return {"may_edit": request.user.can("segments.edit"), "run": running()}  # type: ignore[union-attr]


class NarrowedCustomers(CustomersPage):
    """The customers whom a record names, as far as the person may see them."""

    seen_as = exported_as = ""
    """What the log of accesses and the audit call it."""

    @property
    def record(self) -> Model:
        """The record that names them."""
        raise NotImplementedError

    def narrowed(self, request: HttpRequest) -> QuerySet:
        """Whom it names: rows with the key `pk`."""
        raise NotImplementedError

    def rows(self, request: HttpRequest) -> QuerySet[Customer]:
        return super().rows(request).filter(pk__in=self.narrowed(request).order_by().values("pk"))

    def shown(self, request: HttpRequest, rows: list[Customer]) -> None:
        record_access(request, self.seen_as, [row.pk for row in rows])

    def exported(self, request: HttpRequest, state: object) -> None:
        record_change(self.exported_as, self.record, by=request.user)  # type: ignore[arg-type]


class MemberList(NarrowedCustomers):
    """Who is in a segment, as far as the person may see them."""

    key = "segment-members"
    title = _("Members")
    ability = "segments.members"
    seen_as, exported_as = "segment", "segments.export"
    page_template = "segments/members.html"
    empty_title = _("Nobody here")
    empty_text = _("Nobody whom you may see is in this segment at the moment.")

    @cached_property
    def segment(self) -> Segment:
        """The segment that the address names; 404 where the person may not see it."""
        found = segments_visible_to(self.request.user).filter(pk=self.kwargs["pk"])  # type: ignore[arg-type]
        segment = found.select_related("place").first()
        if segment is None:
            raise Http404
        return segment

    @property
    def record(self) -> Segment:
        return self.segment

    def narrowed(self, request: HttpRequest) -> QuerySet[Customer]:
        """Which customers are listed."""
        return members_visible_to(request.user, self.segment)  # type: ignore[arg-type]

    def extra(self, request: HttpRequest) -> dict:
        visible = how_many_visible_to(request.user, self.segment)  # type: ignore[arg-type]
        return {"segment": self.segment, "tab": "members", "visible": visible}


class ChangedList(MemberList):
    """Who entered or left on a day."""

    key = "segment-changes"
    page_template = "segments/members.html"
    empty_text = _("Nobody whom you may see came or left on this day.")

    @cached_property
    def day(self) -> dt.date:
        """The day that the address names."""
        try:
            return dt.date.fromisoformat(self.kwargs["day"])
        except ValueError:
            raise Http404 from None

    def narrowed(self, request: HttpRequest) -> QuerySet[Customer]:
        if self.kwargs["way"] not in ("entered", "left"):
            raise Http404
        entered = self.kwargs["way"] == "entered"
        return changed_visible_to(request.user, self.segment, self.day, entered=entered)  # type: ignore[arg-type]

    def extra(self, request: HttpRequest) -> dict:
        entered = self.kwargs["way"] == "entered"
        told = gettext("Entered on %(day)s") if entered else gettext("Left on %(day)s")
        day = date_format(self.day, "DATE_FORMAT")
        return {"segment": self.segment, "what": told % {"day": day}, "tab": ""}


def address(segment: Segment, way: str, day: object) -> str:
    """Where those who came or left on a day are listed."""
    return reverse("segments:changed", args=[segment.pk, way, f"{day:%Y-%m-%d}"])
