"""Opening a case: by a rule on answers, by hand, by API."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.cases.actions.turn import links_of, pass_turn, site_or_head_office, store
from dangol.cases.clock import allowed_minutes
from dangol.cases.events import CaseOpened
from dangol.cases.models import Case, Category, Priority, Rule
from dangol.cases.rules import matching_rules
from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.ids import uuid7
from dangol.core.models import Event, User
from dangol.customers.models import Customer
from dangol.interactions.actions import begin_thread
from dangol.interactions.models import Interaction, Thread
from dangol.places.models import Place


def next_number() -> int:
    """The next case number: never the same twice, gaps allowed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_number')")
        return int(cursor.fetchone()[0])


@transaction.atomic
def open_case(
    *,
    customer: Customer,
    place: Place,
    category: Category,
    title: str,
    by: User | None,
    at: dt.datetime | None = None,
    description: str = "",
    priority: int = Priority.NORMAL,
    thread: Thread | None = None,
    interaction: Interaction | None = None,
    rule: Rule | None = None,
    response_id: uuid.UUID | None = None,
    assigned_to: User | None = None,
    key: uuid.UUID | None = None,
) -> Case:
    """Make a promise to a customer; its site's clock begins to run.

    With the key of a form that was sent before, the case of then is given back.
    """
    if key and (before := Case.objects.filter(pk=key, customer=customer).first()):
        return before
    if place.kind != "site":
        raise ValidationError({"place": _("A case is owned by a site.")})
    if not title.strip():
        raise ValidationError({"title": _("A case needs a title.")})
    moment = at or timezone.now()
    case = Case.objects.create(
        id=key or uuid7(),
        number=next_number(),
        thread=thread or begin_thread(customer, begun_by="voice", by=by, at=moment, place=place),
        customer=customer,
        place=place,
        category=category,
        priority=priority,
        title=title.strip()[:200],
        description=description,
        rule=rule,
        response_id=response_id,
        interaction=interaction,
        assigned_to=assigned_to,
        opened_at=moment,
        opened_by=by,
        minutes=allowed_minutes(category.minutes, priority),
    )
    owner = site_or_head_office(case)
    pass_turn(case, owner, at=moment, by=by, reason="opened")
    store(case, moment)
    record_change("open_case", case, by=by, at=moment, changes={"title": [None, case.title]})
    publish(
        CaseOpened(
            **links_of(case),
            kind=category.kind,
            owner=owner,
        ),
        by=by,
        at=moment,
    )
    return case


def first_of[M: Model](model: type[M], key: uuid.UUID | str | None) -> M | None:
    """The row of this key; None for no key and for one that is not there."""
    return model._default_manager.filter(pk=key).first() if key else None


def open_case_by_rules(event: Event) -> list[Case]:
    """Open a case for each rule that a completed response meets; the same response never twice.

    Rules of one category fold into one case, the most urgent first, so that a bad call opens one
    case and not five.
    """
    site = first_of(Place, event.place_id)
    customer = first_of(Customer, event.customer_id)
    if site is None or site.kind != "site" or customer is None:
        return []
    opened: list[Case] = []
    for rule in matching_rules(event.payload):
        if any(case.category_id == rule.category_id for case in opened):
            continue
        if Case.objects.filter(response_id=event.subject_id, category_id=rule.category_id).exists():
            continue
        opened.append(
            open_case(
                customer=customer,
                place=site,
                category=rule.category,
                priority=rule.priority,
                title=voice_of(event.payload).strip().split("\n")[0][:80].strip() or rule.name,
                description=voice_of(event.payload),
                thread=first_of(Thread, event.thread_id),
                interaction=first_of(Interaction, event.payload.get("interaction_id")),
                rule=rule,
                response_id=event.subject_id,
                by=event.by,
                at=event.at,
            )
        )
    return opened


def voice_of(payload: dict[str, Any]) -> str:
    """The customer's own words in a response, one paragraph each."""
    answers = payload.get("answers", {}).values()
    return "\n\n".join(a["text"] for a in answers if isinstance(a, dict) and a.get("text"))
