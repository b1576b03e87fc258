"""The matching by program: pairs and answers, merges and splits, runs, models, golden values."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from dangol.core.api import After, Limit, Page, Problem, may, no_such, page_of
from dangol.core.audit import record_access
from dangol.core.models import User
from dangol.customers.models import Customer
from dangol.customers.queries import customer_by_id
from dangol.identity.api_figures import router as figures
from dangol.identity.api_rows import (
    AnswerIn,
    GoldenOut,
    MatchingModelOut,
    MatchingRunOut,
    MergeIn,
    MergeOut,
    MergeWhole,
    MovesOut,
    PairOut,
    PairWhole,
    SplitIn,
    SplitOut,
    SplitPreviewOut,
)
from dangol.identity.asking import ask_for_run
from dangol.identity.golden.told import as_json, records_of, whole_record
from dangol.identity.merging.actions import merge_customers, undo_merge
from dangol.identity.merging.halves import as_json as lines_as_json
from dangol.identity.merging.halves import halves
from dangol.identity.merging.parting import parting_of
from dangol.identity.merging.preview import merge_moves, moves_of
from dangol.identity.merging.splitting import split_records, undo_split
from dangol.identity.models import Label, Merge, Model, Question, Run
from dangol.identity.stewarding.answering import answer_question, correct_by_answer, take_back
from dangol.identity.stewarding.queries import (
    merges_visible_to,
    questions_visible_to,
    queue_of,
    splits_visible_to,
    with_records,
)

router = Router(tags=["matching"])
router.add_router("", figures)


def the_pair(request: HttpRequest, pk: uuid.UUID, ability: str) -> tuple[Question, User]:
    """A pair that the person may see; 403 without the ability, 404 where there is none."""
    user = may(request, ability)
    found = with_records(questions_visible_to(user, ability)).filter(pk=pk).first()
    if found is None:
        raise no_such("pair")
    return found, user


def the_customer(request: HttpRequest, pk: uuid.UUID, ability: str) -> tuple[Customer, User]:
    """A customer by an id of now or of before."""
    user = may(request, ability)
    found = customer_by_id(user, pk, ability) if may(request, "customers.see") else None
    if found is None:
        raise no_such("customer")
    return found, user


@router.get("/matching/pairs", response=Page[PairOut])
def list_pairs(request: HttpRequest, mine: bool = False, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Pairs that were asked about; with `mine` those that wait for the asking person."""
    user = may(request, "matching.see")
    rows = with_records(queue_of(user) if mine else questions_visible_to(user))
    return page_of(rows, "-created_at", after, limit)


@router.get("/matching/pairs/{uuid:pk}", response=PairWhole)
def get_pair(request: HttpRequest, pk: uuid.UUID):  # type: ignore[no-untyped-def]
    """One pair, field by field."""
    found, _user = the_pair(request, pk, "matching.see")
    record_access(request, "api pair", [k for k in (found.a.customer_id, found.b.customer_id) if k])
    return found


@router.post("/matching/pairs/{uuid:pk}/answers", response={201: PairOut})
def answer_pair(request: HttpRequest, pk: uuid.UUID, body: AnswerIn):  # type: ignore[no-untyped-def]
    """Decide a pair; what it says is done at once and can be taken back. Where a sample shows a wrong
    decision, it waits for the correction."""
    found, user = the_pair(request, pk, "matching.decide")
    refused_as_conflict(lambda: answer_question(found, body.answer, by=user, note=body.note))
    return Status(201, with_records(Question.objects.filter(pk=pk)).get())


@router.delete("/matching/pairs/{uuid:pk}/answers", response=PairOut)
def take_back_answer(request: HttpRequest, pk: uuid.UUID):  # type: ignore[no-untyped-def]
    """Take one's own answer back."""
    found, user = the_pair(request, pk, "matching.decide")
    label = Label.objects.filter(question=found, by=user).first()
    if label is None:
        raise Problem(404, _("Not found"), _("You did not answer this pair."))
    refused_as_conflict(lambda: take_back(label, by=user))
    return with_records(Question.objects.filter(pk=pk)).get()


@router.post("/matching/pairs/{uuid:pk}/correction", response={201: PairOut})
def correct_pair(request: HttpRequest, pk: uuid.UUID):  # type: ignore[no-untyped-def]
    """Do what the answer to a sample says; taking the answer back undoes it."""
    found, user = the_pair(request, pk, "matching.decide")
    refused_as_conflict(lambda: correct_by_answer(found, by=user))
    return Status(201, with_records(Question.objects.filter(pk=pk)).get())


def refused_as_conflict(deed: Any) -> Any:
    """Do something; what stands in its way is told as a conflict."""
    try:
        return deed()
    except ValidationError as refusal:
        raise Problem(409, _("Conflict"), " ".join(refusal.messages)) from refusal


@router.get("/matching/merges", response=Page[MergeOut])
def list_merges(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Every merge, the latest first."""
    rows = merges_visible_to(may(request, "matching.see"))
    return page_of(rows, "-created_at", after, limit)


@router.get("/matching/merges/{uuid:pk}", response=MergeWhole)
def get_customer_merge(request: HttpRequest, pk: uuid.UUID):  # type: ignore[no-untyped-def]
    """One merge with what moved."""
    found = merges_visible_to(may(request, "matching.see")).filter(pk=pk).first()
    if found is None:
        raise no_such("merge")
    record_access(request, "api merge", [k for k in (found.survivor_id, found.merged_key) if k])
    return found


@router.post("/matching/merges", response={200: MergeOut, 201: MergeOut})
def merge_two_customers(request: HttpRequest, body: MergeIn):  # type: ignore[no-untyped-def]
    """Make two customers one; the other's id resolves for ever. Twice answers with the merge that stands."""
    survivor, user = the_customer(request, body.survivor, "matching.decide")
    other, _user = the_customer(request, body.other, "matching.decide")
    try:
        return Status(201, merge_customers(survivor, other, by=user, decided=True))
    except ValidationError as refusal:
        done = Merge.objects.filter(
            survivor_key=body.survivor, merged_key=body.other, undone_at=None, survivor=survivor.pk
        ).first()
        if done is None:
            raise Problem(409, _("Conflict"), " ".join(refusal.messages)) from refusal
        return Status(200, done)


@router.get("/matching/customers/{uuid:pk}/moves", response=MovesOut)
def preview_merge(request: HttpRequest, pk: uuid.UUID):  # type: ignore[no-untyped-def]
    """What would move if this customer were taken in by another."""
    customer, _user = the_customer(request, pk, "matching.see")
    return {"moves": merge_moves(customer.pk)}


@router.post("/matching/merges/{uuid:pk}/undoing", response=MergeOut)
def undo_customer_merge(request: HttpRequest, pk: uuid.UUID):  # type: ignore[no-untyped-def]
    """Take a merge back, at any time."""
    user = may(request, "matching.decide")
    merge = merges_visible_to(user, "matching.decide").filter(pk=pk).first()
    if merge is None:
        raise no_such("merge")
    refused_as_conflict(lambda: undo_merge(merge, by=user, apart=True))
    merge.refresh_from_db()
    return merge


@router.post("/matching/customers/{uuid:pk}/splits", response={201: SplitOut})
def split_customer(request: HttpRequest, pk: uuid.UUID, body: SplitIn):  # type: ignore[no-untyped-def]
    """Make a customer of its own out of some records."""
    customer, user = the_customer(request, pk, "matching.decide")
    return Status(201, refused_as_conflict(lambda: split_records(customer, body.records, by=user)))


@router.get("/matching/customers/{uuid:pk}/splits/preview", response=SplitPreviewOut)
def preview_split(request: HttpRequest, pk: uuid.UUID, records: str = ""):  # type: ignore[no-untyped-def]
    """What would go along with these records (numbers with commas between), and what both customers
    would say then; without fields where none or all of the records would go."""
    customer, _user = the_customer(request, pk, "matching.see")
    wanted = [
        int(r) for r in records.split(",")[:500] if r.isascii() and r.isdecimal() and len(r) < 19
    ]
    record_access(request, "api split", [customer.pk])
    parting = parting_of(customer.pk, wanted, records_of(customer.pk))
    return {"moves": moves_of(parting), "fields": lines_as_json(halves(customer, parting))}


@router.post("/matching/splits/{uuid:pk}/undoing", response=SplitOut)
def undo_customer_split(request: HttpRequest, pk: uuid.UUID):  # type: ignore[no-untyped-def]
    """Give the records back."""
    user = may(request, "matching.decide")
    split = splits_visible_to(user, "matching.decide").filter(pk=pk).first()
    if split is None:
        raise no_such("split")
    refused_as_conflict(lambda: undo_split(split, by=user))
    split.refresh_from_db()
    return split


@router.get("/matching/customers/{uuid:pk}/golden", response=list[GoldenOut])
def golden_values(request: HttpRequest, pk: uuid.UUID):  # type: ignore[no-untyped-def]
    """Where each value of a customer comes from, and what it won over."""
    customer, _user = the_customer(request, pk, "customers.see")
    record_access(request, "api golden record", [customer.pk])
    records = records_of(customer.pk)
    return as_json(whole_record(customer, records))


@router.get("/matching/runs", response=Page[MatchingRunOut])
def list_matching_runs(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Runs, the latest first."""
    may(request, "matching.see")
    return page_of(Run.objects.all(), "-created_at", after, limit)


@router.post("/matching/runs", response={202: MatchingRunOut})
def match_everything(request: HttpRequest):  # type: ignore[no-untyped-def]
    """Match all records against all in the background; one under way is answered instead."""
    return Status(202, ask_for_run(by=may(request, "matching.run")))


@router.get("/matching/models", response=Page[MatchingModelOut])
def list_matching_models(request: HttpRequest, after: After = "", limit: Limit = 50):  # type: ignore[no-untyped-def]
    """Versions of the parameters, the newest first."""
    may(request, "matching.see")
    return page_of(Model.objects.all(), "-version", after, limit)
