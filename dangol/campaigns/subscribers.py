"""What programmes do when something happens elsewhere."""

from __future__ import annotations

import datetime as dt

from dangol.campaigns.actions import drop
from dangol.campaigns.due_calls import make_again_from, make_confirmation
from dangol.campaigns.jobs import make_due_calls_later
from dangol.campaigns.models import Reason, Target
from dangol.core.events import hears
from dangol.core.models import Event


@hears("purchases.TransactionsLoaded")
def due_calls_after_load(event: Event) -> None:
    """New transactions: look again at the days they may fall due on, soon."""
    if first := event.payload.get("first_at"):
        make_again_from(dt.datetime.fromisoformat(first))
    make_due_calls_later()


@hears("purchases.TransactionsGone")
def calls_about_gone_transactions(event: Event) -> None:
    """A transaction that its source no longer has: nobody calls about it."""
    waiting = Target.objects.filter(finished_at=None, transaction__gone_at__isnull=False)
    for target in waiting.filter(transaction__source=event.payload["source"]):
        drop(target, by=None, at=event.at, reason=Reason.NOT_NEEDED)


@hears("campaigns.StagesChanged")
def due_calls_after_a_change(event: Event) -> None:
    """A stage was added or changed: its calls are made soon, not at the next round."""
    make_due_calls_later()


@hears("cases.CaseResolved")
def confirmation_after_resolution(event: Event) -> None:
    """A case was resolved: the customer is asked whether that is true."""
    if event.thread_id and event.subject_id:
        make_confirmation(
            case_id=event.subject_id, thread_id=event.thread_id, occasion=event.id, at=event.at
        )


@hears("cases.CaseClosed")
def confirmation_not_needed(event: Event) -> None:
    """A case was closed another way: nobody needs to call about it any more."""
    waiting = Target.objects.filter(thread=event.thread_id, subject_id=event.subject_id)
    for target in waiting.filter(finished_at=None):
        drop(target, by=None, at=event.at, reason=Reason.NOT_NEEDED)
