"""By program: figures by site and by day, and the checks that found something wrong."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Schema
from pydantic import Field

from dangol.core.api import After, Limit, Page, may, page_of
from dangol.core.audit import record_access
from dangol.core.masking import shown_contact
from dangol.customers.models import Check
from dangol.quality.api.router import router
from dangol.quality.api.shapes import FieldName, Kind
from dangol.quality.measures.reading import by_site, history, last_day, sees_all, tells
from dangol.quality.queries import standings, wrong_checks_visible_to

Measured = Literal["complete", "valid", "unique", "fresh", "consistent"]
Days = Annotated[int, Field(ge=1, le=730)]


class SiteMeasureOut(Schema):
    """One field's measure at a site."""

    place_id: uuid.UUID
    records: int
    faults: int
    share: float | None


class MeasureDayOut(Schema):
    """A source's share on a day."""

    source: str
    day: dt.date
    share: float | None


class QualityStandingOut(Schema):
    """What was expected of all contact points of a kind on one day."""

    day: dt.date
    kind: str
    points: int
    known_wrong: int
    expected_wrong: float


class WrongCheckOut(Schema):
    """A contact point that was found wrong, or its owner gone, when it was tried."""

    contact_point_id: uuid.UUID
    customer_id: uuid.UUID
    kind: str
    value: str
    outcome: str
    source: str
    home_place_id: uuid.UUID | None
    at: dt.datetime

    @staticmethod
    def resolve_customer_id(check: Check) -> uuid.UUID:
        """Whose it is."""
        return check.contact_point.customer_id

    @staticmethod
    def resolve_kind(check: Check) -> str:
        """Phone, e-mail or address."""
        return check.contact_point.kind

    @staticmethod
    def resolve_value(check: Check) -> str:
        """As the asking person may see it."""
        return shown_contact(check.contact_point.kind, check.contact_point.value)


@router.get("/quality/measures/sites", response=list[SiteMeasureOut])
def list_site_measures(
    request: HttpRequest, field: FieldName, measure: Measured = "complete"
) -> Any:
    """A field's measure by site as of the last night, those first that lack the most records."""
    user, day = may(request, "quality.see"), last_day()
    if day is None or not tells(measure, field):
        return []
    return [
        {
            "place_id": place.pk, "records": counts.records, "faults": counts.faults(measure),
            "share": counts.share(measure),
        }
        for place, counts in by_site(user, day, field, measure, 2000)
    ]  # fmt: skip


@router.get("/quality/measures/days", response=list[MeasureDayOut])
def list_measure_days(
    request: HttpRequest, field: FieldName, measure: Measured = "complete", days: Days = 90
) -> Any:
    """A field's measure by source and day, for those who see the company whole."""
    user = may(request, "quality.see")
    if not sees_all(user) or not tells(measure, field):
        return []
    found = history(field, measure, days, timezone.localdate())
    return [
        {"source": source, "day": day, "share": share}
        for source, line in found.items()
        for day, share in line
    ]


@router.get("/quality/standings", response=list[QualityStandingOut])
def list_standings(request: HttpRequest, days: Days = 90) -> Any:
    """What was expected to be wrong day by day, for those who see the company whole."""
    user = may(request, "quality.see")
    return standings(days) if sees_all(user) else []


@router.get("/quality/checks", response=Page[WrongCheckOut])
def list_wrong_checks(
    request: HttpRequest, kind: Kind | None = None, after: After = "", limit: Limit = 50
) -> Any:
    """Checks that found a contact point wrong or its owner gone, the newest first."""
    rows = wrong_checks_visible_to(may(request, "customers.see")).select_related("contact_point")
    if kind:
        rows = rows.filter(contact_point__kind=kind)
    page = page_of(rows, "-at", after, limit)
    record_access(
        request, "api quality checks", [c.contact_point.customer_id for c in page["items"]]
    )
    return page
