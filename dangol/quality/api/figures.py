"""Figures by program, and the very rows behind them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field

from dangol.core.api import After, Limit, Page, Problem, may, no_such, page_of
from dangol.core.audit import record_access
from dangol.core.models import User
from dangol.customers.freshness import LINE, Rate
from dangol.quality.api.router import router
from dangol.quality.api.shapes import (
    DecayOut,
    Fault,
    FaultyRecordOut,
    FieldName,
    Kind,
    MeasureOut,
    QualityRateOut,
    QualitySummaryOut,
    RiskOut,
)
from dangol.quality.measures.reading import by_source, last_day, tells
from dangol.quality.queries import (
    faults_visible_to,
    model_in_use,
    policy_in_use,
    risks_visible_to,
)
from dangol.quality.standing import expected_now, together
from dangol.quality.tried.cost import cost_of
from dangol.quality.tried.rates import Asked, place_asked_for, rates_of, whole_months

Months = Annotated[int, Field(ge=1, le=120, description="whole months, with the present one")]


def told(key: str, rate: Rate) -> dict[str, Any]:
    """A rate with its bounds."""
    low, high = rate.bounds
    return {
        "key": key, "wrong": rate.wrong, "checked": rate.checked, "share": rate.share, "low": low,
        "high": high,
    }  # fmt: skip


def asked(user: User, months: int, kind: str, source: str | None, site: str) -> Asked:
    """Whole months, perhaps of one kind, source or place."""
    span = whole_months(months, timezone.localdate())
    place = place_asked_for(user, site)
    if site and place is None:
        raise no_such("place")
    return Asked(span.first, span.last, kind, source, place)


@router.get("/quality", response=QualitySummaryOut)
def get_quality(request: HttpRequest) -> Any:
    """How much is expected to be wrong, what trying said in twelve months, and what correcting costs."""
    user, policy = may(request, "quality.see"), policy_in_use()
    span = whole_months(12, timezone.localdate())
    found = rates_of(user, span, 0)
    cost, whole = cost_of(policy, found), together(expected_now(user))
    return {
        "limit": LINE, "points": whole.points, "known_wrong": whole.known,
        "expected_wrong": whole.guessed, "expected_share": whole.share,
        "tried": told("", found.overall),
        "cost": {
            "tried": cost.rate.checked, "wrong": cost.rate.wrong, "corrected": cost.corrected,
            "seconds": cost.seconds.value, "measured": cost.seconds.measured,
            "minute_cost": policy.minute_cost, "currency": policy.currency, "whole": cost.whole,
            "for_one_corrected": cost.for_one_corrected,
        },
    }  # fmt: skip


@router.get("/quality/rates", response=list[QualityRateOut])
def list_quality_rates(
    request: HttpRequest,
    by: Literal["month", "source", "kind", "age", "site"] = "month",
    months: Months = 12,
    kind: Kind | None = None,
    source: str | None = None,
    site: str = "",
) -> Any:
    """Found wrong when tried; age 0 to 6: under 1, 3, 6, 12, 24, 48 months, and more."""
    user = may(request, "quality.see")
    span = asked(user, months, kind or "", source, site[:40])
    found = rates_of(user, span, 2000)
    rows = found.by.get("place_id" if by == "site" else by, [])
    return [told("" if key is None else str(key), rate) for key, rate in rows]


@router.get("/quality/decay", response=DecayOut)
def get_decay(request: HttpRequest) -> Any:
    """The model in use; 404 before the first night."""
    may(request, "quality.see")
    model = model_in_use()
    if model is None:
        raise Problem(404, _("Not found"), _("Nothing was learned yet."))
    return model


@router.get("/quality/points", response=Page[RiskOut])
def list_probable_faults(
    request: HttpRequest, kind: Kind | None = None, after: After = "", limit: Limit = 50
) -> Any:
    """Contact points of customers that you may see, the most probably wrong first."""
    rows = risks_visible_to(may(request, "customers.see")).select_related("contact_point")
    if kind:
        rows = rows.filter(kind=kind)
    page = page_of(rows, "-chance", after, limit)
    seen = [risk.contact_point.customer_id for risk in page["items"]]
    record_access(request, "api quality points", seen)
    return page


@router.get("/quality/measures", response=list[MeasureOut])
def list_measures(request: HttpRequest) -> Any:
    """Completeness, validity, uniqueness, freshness and consistency by source and field."""
    user, day = may(request, "quality.see"), last_day()
    if day is None:
        return []
    return [
        {
            "source": source, "field": field, **vars(counts), "complete": counts.share("complete"),
            "valid_share": counts.share("valid"),
            "unique": counts.share("unique") if tells("unique", field) else None,
            "fresh_share": counts.share("fresh"), "consistent": counts.share("consistent"),
        }
        for source, fields in by_source(user, day).items()
        for field, counts in fields.items()
    ]  # fmt: skip


@router.get("/quality/records", response=Page[FaultyRecordOut])
def list_faulty_records(
    request: HttpRequest,
    field: FieldName,
    fault: Fault,
    source: str = "",
    after: After = "",
    limit: Limit = 50,
) -> Any:
    """The very records that a measure lacks."""
    user = may(request, "customers.see")
    rows = faults_visible_to(user, [field], [fault]).select_related("record")
    if source:
        rows = rows.filter(source=source[:40])
    page = page_of(rows, "record_id", after, limit)
    seen = [row.record.customer_id for row in page["items"] if row.record.customer_id]
    record_access(request, "api quality records", seen)
    return page
