"""The matching by program: how good it is, what it costs, how far a run is, and what was answered."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Literal

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from dangol.core.api import After, Limit, Page, Problem, may, no_such, one_of, page_of
from dangol.core.audit import record_access
from dangol.core.masking import shown_name
from dangol.identity.api_rows import (
    AuditSampleOut,
    MatchingModelOut,
    MatchingRunOut,
    PairOut,
    ShareOut,
)
from dangol.identity.audits.agreement import agreement, disputed
from dangol.identity.audits.counting import ask_for_costs, ask_for_sample, counted_truth
from dangol.identity.audits.figures import audited
from dangol.identity.learning import apply_proposal, proposal
from dangol.identity.models import BlockCost, Model, Run, Split
from dangol.identity.stewarding.queries import queue_of, splits_visible_to, with_records

CustomerKindIn = Literal["person", "organisation"]
router = Router(tags=["matching"])


class AgreementOut(Schema):
    """How far two stewards agree on pairs that the lot gave to both."""

    pairs: int
    differing: ShareOut | None
    kappa: float | None


class ThresholdsOut(Schema):
    """From how many bits two records are joined by themselves, and asked about."""

    join: float
    review: float


class ThresholdProposalOut(Schema):
    """What the answers say of the thresholds, and what precision they promise."""

    labels: int
    same: int
    enough: bool
    present: ThresholdsOut
    thresholds: ThresholdsOut
    precision: float
    precision_now: float


class BlockingCostOut(Schema):
    """A way of finding candidates: pairs that it makes, automatic joins that it finds, and alone."""

    rule: str
    pairs: int
    joins: int
    joins_of: int
    only: int
    at: dt.datetime


class HiddenTruthOut(Schema):
    """Customers as they are against who truly is who, where a demo company knows that."""

    records: int
    people: int
    customers: int
    precision: float
    recall: float
    f1: float
    scattered: int


class CustomerSplitOut(Schema):
    """Records that became a customer of their own, in the list of splits."""

    id: uuid.UUID
    customer_key: uuid.UUID
    new_key: uuid.UUID
    name: str
    records: list[int]
    created_at: dt.datetime
    undone_at: dt.datetime | None

    @staticmethod
    def resolve_name(split: Split) -> str:
        """As the asking person may see it."""
        return shown_name(split.name)


@router.get("/matching/queue", response=Page[PairOut])
def list_matching_queue(  # type: ignore[no-untyped-def]
    request: HttpRequest, part: Literal["", "asked", "lot"] = "", after: After = "",
    limit: Limit = 50,
):  # fmt: skip
    """What waits for you, the most gain first; what others answered stays unseen. A part of it: what
    the matching asked, or what was drawn by lot."""
    queue = queue_of(may(request, "matching.see"), part)
    page = page_of(with_records(queue), "-gain", after, limit)
    seen = [k for q in page["items"] for k in (q.a.customer_id, q.b.customer_id) if k]
    record_access(request, "api matching queue", seen)
    return page


@router.get("/matching/audits", response=list[AuditSampleOut])
def list_matching_audits(request: HttpRequest):  # type: ignore[no-untyped-def]
    """The samples of half a year with precision and recall, each with the three weeks before it.

    Drawn pairs are answered among the others of the queue: who answers does not see the lot.
    """
    may(request, "matching.see")
    return audited()


@router.post("/matching/audits", response={202: None})
def draw_matching_audit(request: HttpRequest):  # type: ignore[no-untyped-def]
    """Have this week's sample drawn; 409 when it was drawn already, or nothing was joined yet."""
    if not ask_for_sample(may(request, "matching.run")):
        raise Problem(
            409, _("Conflict"), _("This week's sample was drawn, or there are no records yet.")
        )
    return Status(202, None)


@router.get("/matching/agreement", response=AgreementOut)
def get_steward_agreement(request: HttpRequest):  # type: ignore[no-untyped-def]
    """How far stewards agree."""
    may(request, "matching.see")
    return agreement()


@router.get("/matching/disputed", response=list[PairOut])
def list_disputed_pairs(request: HttpRequest):  # type: ignore[no-untyped-def]
    """Pairs on which two stewards differ, the latest twenty."""
    found = disputed(may(request, "matching.see"))
    seen = [k for q in found for k in (q.a.customer_id, q.b.customer_id) if k]
    record_access(request, "api disputed pairs", seen)
    return found


@router.get("/matching/thresholds", response=ThresholdProposalOut)
def get_threshold_proposal(request: HttpRequest, kind: CustomerKindIn = "person"):  # type: ignore[no-untyped-def]
    """The thresholds of a kind of customer in use, and those that the answers speak for."""
    may(request, "matching.see")
    return proposal(kind)


@router.post("/matching/thresholds", response={201: MatchingModelOut})
def apply_threshold_proposal(request: HttpRequest, kind: CustomerKindIn = "person"):  # type: ignore[no-untyped-def]
    """Let them hold from now on, as a new version; 409 while there are too few answers."""
    by = may(request, "matching.run")
    try:
        return Status(201, apply_proposal(kind, by=by))
    except ValidationError as refusal:
        raise Problem(409, _("Conflict"), " ".join(refusal.messages)) from refusal


@router.get("/matching/costs", response=list[BlockingCostOut])
def list_blocking_costs(request: HttpRequest):  # type: ignore[no-untyped-def]
    """What each way of finding candidates costs and finds, as it was counted last."""
    may(request, "matching.see")
    return list(BlockCost.objects.order_by("rule"))


@router.post("/matching/costs", response={202: None})
def count_blocking_costs(request: HttpRequest):  # type: ignore[no-untyped-def]
    """Have them counted anew."""
    may(request, "matching.run")
    ask_for_costs()
    return Status(202, None)


@router.get("/matching/truth", response=HiddenTruthOut)
def get_hidden_truth(request: HttpRequest):  # type: ignore[no-untyped-def]
    """The score against the hidden truth as it was counted last; 404 where nobody knows it."""
    may(request, "matching.see")
    if (found := counted_truth()) is None:
        raise Problem(404, _("Not found"), _("Nobody knows the truth of these records."))
    return found[0]


@router.get("/matching/runs/{matching_run_id}", response=MatchingRunOut)
def get_matching_run(request: HttpRequest, matching_run_id: uuid.UUID):  # type: ignore[no-untyped-def]
    """How far a run is, or what came of it."""
    may(request, "matching.see")
    return one_of(Run.objects.all(), matching_run_id, "run")


@router.get("/matching/models/{version}", response=MatchingModelOut)
def get_matching_model(request: HttpRequest, version: int, kind: CustomerKindIn = "person"):  # type: ignore[no-untyped-def]
    """One version of a kind's parameters."""
    may(request, "matching.see")
    rows = Model.objects.filter(kind=kind, version=min(max(version, 0), 2**31 - 1))
    if (found := rows.first()) is None:
        raise no_such("version")
    return found


@router.get("/matching/splits", response=Page[CustomerSplitOut])
def list_customer_splits(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Every split of customers whom you may see, the latest first."""
    page = page_of(splits_visible_to(may(request, "matching.see")), "-created_at", after, limit)
    record_access(request, "api splits", [split.customer_key for split in page["items"]])
    return page
