"""Why a customer was, was not or not yet called, in words of the reader's language."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from dangol.campaigns.models import Campaign, Decision, Purpose, Reason, Stage
from dangol.customers.models import Customer
from dangol.purchases.models import Line, Transaction

LATEST = 12


def local_day(text: str | None) -> str:
    """A day or instant of the facts, as people write it."""
    if not text:
        return ""
    if len(text) <= 10:
        return date_format(dt.date.fromisoformat(text), "SHORT_DATE_FORMAT")
    return date_format(timezone.localtime(dt.datetime.fromisoformat(text)), "SHORT_DATETIME_FORMAT")


def spoken(reason: str, facts: dict[str, Any]) -> str:
    """The reason with its facts as one sentence."""
    words = str(Reason(reason).label)
    match reason:
        case Reason.CHOSEN if facts.get("case"):
            return _("Chosen: a case waits for confirmation")
        case Reason.CHOSEN | Reason.NOT_YET_DUE if facts.get("due_on"):
            day = local_day(facts["due_on"])
            return _("%(reason)s (due %(day)s)") % {"reason": words, "day": day}
        case Reason.QUARANTINE:
            more = {"reason": words, "at": local_day(facts.get("contact_at"))}
            if facts.get("until"):
                more["until"] = local_day(facts["until"])
                return _("%(reason)s of %(at)s; not before %(until)s") % more
            return _("%(reason)s of %(at)s; then it is too late") % more
        case Reason.ALREADY_CALLED | Reason.OTHER_STAGE_SOONER:
            return _("%(reason)s (%(day)s)") % {"reason": words, "day": local_day(facts.get("on"))}
        case Reason.PROGRAMME_ENDED:
            day = local_day(facts.get("ends_on"))
            return _("%(reason)s (%(day)s)") % {"reason": words, "day": day} if day else words
        case Reason.TOO_LATE:
            day = local_day(facts.get("due_on"))
            return _("%(reason)s (due %(day)s)") % {"reason": words, "day": day}
    return words


@dataclasses.dataclass
class Explanation:
    """One answer to "why (not)?"."""

    campaign: Campaign
    stage: Stage
    reason: str
    facts: dict[str, Any]
    chosen: bool
    at: dt.datetime | None = None

    @property
    def words(self) -> str:
        """The answer in a sentence."""
        return spoken(self.reason, self.facts)


def explanations(
    customer: Customer, campaigns: list[Campaign], at: dt.datetime | None = None
) -> list[Explanation]:
    """For each stage of each programme: the latest decision, or what would be decided now."""
    at = at or timezone.now()
    decided: dict[Any, Decision] = {}
    rows = Decision.objects.filter(customer=customer, campaign__in=campaigns)
    for decision in rows.order_by("-at", "-pk")[:200]:
        decided.setdefault(decision.stage_id, decision)
    stages = Stage.objects.filter(campaign__in=campaigns, ended_at=None).select_related(
        "campaign__place", "product", "place"
    )
    bought = Transaction.objects.filter(customer=customer, gone_at=None)
    bought = bought.select_related("place").order_by("-at")
    transactions = list(bought[:LATEST])
    lines = Line.objects.filter(transaction__in=transactions).select_related("product")
    products: dict[Any, list[int]] = {}
    for line in lines:
        products.setdefault(line.transaction_id, []).append(line.product.lo)
    found = []
    for stage in stages:
        if held := decided.get(stage.pk):
            found.append(
                Explanation(stage.campaign, stage, held.reason, held.facts, held.chosen, held.at)
            )
        else:
            reason, facts = undecided(stage, transactions, products, at)
            found.append(Explanation(stage.campaign, stage, reason, facts, False))
    return found


def matches(stage: Stage, row: Transaction, products: dict[Any, list[int]]) -> bool:
    """Whether a transaction triggers a stage."""
    within = lambda place, lo: place is None or (lo is not None and place.lo <= lo <= place.hi)  # noqa: E731
    lo = row.place.lo if row.place else None
    area = stage.campaign.place if stage.campaign.place.parent_id else None
    bought = products.get(row.pk, [])
    return (
        stage.kind in ("", row.kind)
        and within(area, lo)
        and within(stage.place, lo)
        and (
            stage.product is None or any(stage.product.lo <= p <= stage.product.hi for p in bought)
        )
    )


def undecided(
    stage: Stage, transactions: list[Transaction], products: dict[Any, list[int]], at: dt.datetime
) -> tuple[str, dict[str, Any]]:
    """Why nothing was decided: nothing matches, not yet due, before the start, or too late."""
    campaign = stage.campaign
    if campaign.purpose == Purpose.CONFIRMATION:
        # a resolved case makes its call fall due, no transaction does
        return Reason.NOTHING_TO_CONFIRM, {}
    zone = ZoneInfo(campaign.place.time_zone)
    today = at.astimezone(zone).date()
    for row in transactions:
        if not matches(stage, row, products):
            continue
        due = row.at.astimezone(zone).date() + dt.timedelta(days=stage.days_after)
        facts = {"due_on": due.isoformat(), "transaction": str(row.pk)}
        if due < campaign.starts_on:
            return Reason.BEFORE_START, facts
        if campaign.ends_on and due > campaign.ends_on:
            return Reason.PROGRAMME_ENDED, facts | {"ends_on": campaign.ends_on.isoformat()}
        if due < today - dt.timedelta(days=campaign.valid_days):
            return Reason.TOO_LATE, facts
        return Reason.NOT_YET_DUE, facts
    return Reason.NOT_MATCHING, {}


def programmes_about(customer: Customer) -> Q:
    """Programmes that are running, or that decided something about the customer."""
    return (
        Q(ends_on=None)
        | Q(ends_on__gte=timezone.localdate())
        | Q(pk__in=Decision.objects.filter(customer=customer).values("campaign_id"))
    )
