"""New and changed records, within seconds: each finds its customer, or becomes one."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q
from django.utils import timezone

from dangol.core.anew import anew, lost_a_race
from dangol.core.events import publish
from dangol.core.models import User
from dangol.customers.actions import with_name_keys
from dangol.customers.events import CustomerAdded
from dangol.customers.models import Customer, SourceRecord
from dangol.customers.records.models import OURS
from dangol.identity.golden.survivorship import Trust
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.golden.writing import refresh_golden
from dangol.identity.learned import Learned, learned
from dangol.identity.matching.blocking import block_keys
from dangol.identity.matching.kinds import Form, kind_of
from dangol.identity.matching.parameters import Weighed
from dangol.identity.merging.actions import merge_customers, present
from dangol.identity.merging.apart import apart_pairs
from dangol.identity.merging.elders import elder
from dangol.identity.models import WHO_IS_WHO, Link, Question
from dangol.identity.portions import Pace
from dangol.identity.reading.organisations import Organisation
from dangol.identity.recognising.candidates import (
    Candidate,
    candidates,
    groups_of,
    shares_of,
    waiting,
)
from dangol.identity.recognising.crowds import without_crowds
from dangol.identity.recognising.deciding import Compared, Decision, compare, decide
from dangol.identity.recognising.late import Beside, NotYet
from dangol.identity.recognising.readings import store_readings
from dangol.identity.recognising.tying import tie
from dangol.identity.stewarding.gains import gain_of, records_of
from dangol.identity.stewarding.queries import between

log = logging.getLogger(__name__)
AT_ONCE = 40
"""Records in one transaction at most."""


def match_waiting(
    limit: int = AT_ONCE, *, by: User | None = None, failures: list[str] | None = None,
    which: Q | None = None, beside: Beside | None = None, pace: Pace | None = None,
) -> dict[str, int]:  # fmt: skip
    """Find the customers of the records that wait, or of `which` of them; counts of what came of it.

    Beside a comparison of all records, what hangs on one that it has still to write is left.

    A record that fails holds up no other: it is told in `failures`, and the next comparison of all
    records takes it in. Where somebody else's change came in between all that is done anew, and if
    that goes on, with one record at a time.
    """
    failures = [] if failures is None else failures
    pace = pace or Pace(limit)
    try:
        counts, failed = match_portion(limit, by, which, beside, pace)
    except (OperationalError, IntegrityError) as lost:
        if limit == 1 or not lost_a_race(lost):
            raise
        counts, failed = match_portion(1, by, which, beside, pace)
    failures += failed
    return counts


@anew(WHO_IS_WHO)
def match_portion(
    limit: int, by: User | None, which: Q | None, beside: Beside | None, pace: Pace
) -> tuple[dict[str, int], list[str]]:
    """Match so many of those that wait in one transaction: all its locks go when one is lost."""
    pace.begins()
    records = waiting(limit, which)
    counts, failures = {"records": len(records)}, []
    forms = read_and_mark(records) if records else {}
    models = {kind: learned(kind) for kind in {r.kind for r in records}}
    trust = trust_of_sources() if records else {}
    for record in records:
        try:
            with transaction.atomic():
                model = models[record.kind]
                done = match_record(record, forms[record.pk], model, trust, by=by, beside=beside)
        except NotYet:
            leave(record, beside)
            done = ["left"]
        except Exception as failure:
            if lost_a_race(failure):
                raise
            log.exception("record %s found no customer", record)
            failures.append(f"{record}: {failure}")
            put_back(record)
            done = ["failed"]
        for what in done:
            counts[what] = counts.get(what, 0) + 1
    counts["records"] -= counts.pop("left", 0)
    return counts, failures


def leave(record: SourceRecord, beside: Beside | None) -> None:
    """It waits until the comparison of all records has written what it hangs on."""
    assert beside is not None
    SourceRecord.objects.filter(pk=record.pk).update(unread=True)
    beside.left.add(record.pk)


def put_back(record: SourceRecord) -> None:
    """It waits again: a comparison of all records takes it in, or its next change."""
    told = {"unread": True, "failed_at": timezone.now()}
    SourceRecord.objects.filter(pk=record.pk).update(**told)


def read_and_mark(records: list[SourceRecord]) -> dict[int, Form]:
    """Store what the records are compared by, and mark them as read."""
    forms = store_readings([(r.pk, r.kind, r.values) for r in records], timezone.now().year)
    SourceRecord.objects.filter(pk__in=list(forms)).update(unread=False, failed_at=None)
    return forms


def match_record(
    record: SourceRecord, form: Form, model: Learned, trust: Trust, *, by: User | None,
    beside: Beside | None = None,
) -> list[str]:  # fmt: skip
    """Decide one record and act upon it; what was done, for the counts."""
    kind = kind_of(form)
    if record.customer_id:  # merged away, perhaps, with a record before it
        record.refresh_from_db(fields=["customer"])
    found = without_crowds(form, candidates(record.pk, block_keys(form, kind.rules)))
    owners = {key for key in (record.customer_id, *(c.customer for c in found)) if key}
    compared = compare(form, found, model.parameters, model.thresholds, shares_of(form, kind))
    if beside and beside.has_to_write(compared):
        raise NotYet
    decision = decide(
        record.pk, form, compared, groups_of(owners), record.customer_id, apart_pairs(owners)
    )
    done = _settle(record, decision, model, trust, by)
    assert record.customer_id is not None
    for one, why in decision.questions:
        theirs = present(one.candidate.customer)
        if theirs and theirs != record.customer_id and not asked(record.customer_id, theirs):
            settles = records_of(record.customer_id, theirs)
            done += ask(record.pk, one.candidate.record, one.weighed, why, model, settles)
    for near in decision.ties:
        done += tied(record.customer_id, form, near.candidate)
    return done


def _settle(
    record: SourceRecord, decision: Decision, model: Learned, trust: Trust, by: User | None
) -> list[str]:
    """Give the record its customer."""
    join = decision.join
    if join is None:
        if record.customer_id is None:
            record.customer = make_customer(record, trust, by=by)
            return ["made"]
        refresh_golden([record.customer_id], by=by, trust=trust)
        return []
    target = join.candidate.customer
    assert target is not None
    if record.customer_id is None:
        SourceRecord.objects.filter(pk=record.pk).update(customer_id=target)
        record.customer_id = target
        refresh_golden([target], by=by, trust=trust)
    elif not _others(record):
        survivor, other = elder(record.customer_id, target)
        merge_customers(survivor, other, by=by, trust=trust)
        record.customer_id = survivor.pk
    else:
        # it is asked whose it is: until then its customer says what it says now
        refresh_golden([record.customer_id], by=by, trust=trust)
        decision.questions.insert(0, (join, "customers"))
        return []
    link(record.pk, join, model)
    return ["joined", *_bridge(record, decision.bridged, model, trust, by)]


def _others(record: SourceRecord) -> bool:
    """Whether another record speaks of this one's customer; what we wrote of the customer ourselves
    says nothing of who it is."""
    mine = SourceRecord.objects.filter(customer=record.customer_id).exclude(pk=record.pk)
    return mine.exclude(source=OURS, key__startswith=str(record.customer_id)).exists()


def _bridge(
    record: SourceRecord, bridged: list[Compared], model: Learned, trust: Trust, by: User | None
) -> list[str]:
    """Merge the other customers whom the record shows to be the same one; each can be undone."""
    for one in bridged:
        assert record.customer_id is not None
        theirs = present(one.candidate.customer)
        if theirs is None or theirs == record.customer_id:
            continue
        survivor, other = elder(record.customer_id, theirs)
        merge_customers(survivor, other, by=by, trust=trust)
        record.customer_id = survivor.pk
        link(record.pk, one, model)
    return ["merged"] * len(bridged)


def make_customer(
    record: SourceRecord, trust: Trust, *, by: User | None, at: dt.datetime | None = None
) -> Customer:
    """A customer who is known by one record so far."""
    customer = with_name_keys(
        Customer(
            kind=record.kind, name=str(record.values.get("name") or record.key),
            source=record.source, source_key=record.key, created_at=at or timezone.now(),
        )
    )  # fmt: skip
    customer.save(force_insert=True)
    SourceRecord.objects.filter(pk=record.pk).update(customer=customer)
    refresh_golden([customer.pk], by=by, trust=trust)
    publish(
        CustomerAdded(subject_id=customer.pk, customer_id=customer.pk, source=record.source), by=by
    )
    return customer


def link(record: int, join: Compared, model: Learned) -> None:
    """Keep why a record was joined."""
    told = Link(
        record_id=record, other_id=join.candidate.record, weight=join.weighed.weight,
        steps=steps_of(join.weighed), model=model.row, at=timezone.now(),
    )  # fmt: skip
    Link.objects.bulk_create(
        [told], update_conflicts=True, unique_fields=["record", "other"],
        update_fields=["weight", "steps", "model", "at"],
    )  # fmt: skip


def asked(mine: uuid.UUID, theirs: uuid.UUID) -> bool:
    """Whether a question about two customers waits already, through other records of theirs."""
    return Question.objects.filter(between(mine, theirs), settled="").exists()


def ask(a: int, b: int, weighed: Weighed, why: str, model: Learned, settles: int) -> list[str]:
    """Put a pair before the steward, whose answer settles so many records; one that was asked before
    is not asked again."""
    first, second = sorted((a, b))
    _question, new = Question.objects.get_or_create(
        a_id=first, b_id=second,
        defaults={
            "why": why, "weight": weighed.weight, "steps": steps_of(weighed),
            "gain": gain_of(weighed.weight, settles), "model": model.row,
        },
    )  # fmt: skip
    return ["asked"] if new else []


def steps_of(weighed: Weighed) -> list[list[Any]]:
    """The waterfall as it is kept."""
    return [[s.comparison, s.level, round(s.weight, 3)] for s in weighed.steps]


def tied(mine: uuid.UUID, form: Form, other: Candidate) -> list[str]:
    """Write down that two customers are of one household, or branch and head office; what was done."""
    theirs = present(other.customer)
    if theirs is None or theirs == mine:
        return []
    if isinstance(form, Organisation):
        assert isinstance(other.form, Organisation)
        if form.branch and other.form.branch:
            return []
        branch, head = (mine, theirs) if form.branch else (theirs, mine)
        return ["branches"] if tie(branch, head, "branch_of") else []
    return ["households"] if tie(mine, theirs, "household") else []
