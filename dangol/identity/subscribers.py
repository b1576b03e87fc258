"""What the matching hears: a record that waits wakes it at once; what hangs on an undone merge."""

from __future__ import annotations

import uuid
from contextlib import suppress

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from dangol.core.events import hears
from dangol.core.jobs import app
from dangol.core.models import Event
from dangol.customers.models import SourceRecord
from dangol.identity.audits.counting import TRUTH, ask_for_figures
from dangol.identity.audits.models import Counted
from dangol.identity.merging.following import follow
from dangol.identity.merging.narrowing import narrow_later
from dangol.identity.models import Merge

JOB = "identity.match_new"


@hears("customers.CustomerAdded", "customers.CustomerChanged")
def wake_for_a_customer(event: Event) -> None:
    """Somebody wrote of a customer; what the matching itself wrote leaves nothing unread."""
    if SourceRecord.objects.filter(customer=event.customer_id, unread=True).exists():
        transaction.on_commit(wake)


@hears("customers.RecordsChanged")
def wake_for_a_source(event: Event) -> None:
    """A source said something new."""
    transaction.on_commit(wake)


@hears("identity.MergeUndone")
def what_came_since_follows(event: Event) -> None:
    """What was written since the merge goes with the thread, the call, the sale that it hangs on."""
    if event.customer_id:
        merge = Merge.objects.get(pk=event.subject_id)
        follow(uuid.UUID(event.payload["restored_id"]), event.customer_id, merge.created_at)


@hears("identity.CustomersMerged", "identity.MergeUndone", "identity.RecordsSplit")
def count_again(event: Event) -> None:
    """Who is who was changed: the score against a truth, where somebody knows one, is counted anew."""
    if Counted.of(TRUTH) is not None:
        transaction.on_commit(ask_for_figures)


@hears("customers.AttributeBecameConsent")
def look_at_merges_of_before(event: Event) -> None:
    """What became a consent was no consent when customers became one: a job makes it as strict."""
    key, by = event.payload["key"], str(event.by_id or "")
    transaction.on_commit(lambda: narrow_later(key, by))


def wake() -> None:
    """Have the waiting records matched now; one job that waits is enough."""
    # After the commit: inside it two transactions would wait for each other at the job's lock.
    with suppress(AlreadyEnqueued), transaction.atomic():
        app.configure_task(JOB, queueing_lock=JOB).defer()
