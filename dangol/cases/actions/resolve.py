"""The end of a case: resolved by the site, confirmed by the customer, closed — or open again."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.cases.actions.turn import (
    end_turn,
    links_of,
    locked,
    pass_turn,
    site_or_head_office,
    store,
)
from dangol.cases.events import CaseClosed, CaseReopened, CaseResolved
from dangol.cases.models import Case, Holder
from dangol.core.audit import record_change
from dangol.core.events import publish
from dangol.core.models import User


@transaction.atomic
def resolve_case(
    case: Case, resolution: str, *, by: User | None, at: dt.datetime | None = None
) -> Case:
    """The site says that it is solved: the clock stands, and the customer will be asked."""
    case = locked(case)
    if case.closed_at or case.resolved_at:
        return case
    if not resolution.strip():
        raise ValidationError({"resolution": _("Say what was done for the customer.")})
    moment = at or timezone.now()
    pass_turn(case, Holder.CUSTOMER, at=moment, by=by, reason="resolved")
    case.resolution, case.resolved_at, case.resolved_by = resolution.strip(), moment, by
    store(case, moment)
    record_change(
        "resolve_case", case, by=by, at=moment, changes={"resolution": [None, case.resolution]}
    )
    transaction_id = case.thread.transaction_id
    publish(
        CaseResolved(
            **links_of(case),
            transaction_id=str(transaction_id) if transaction_id else None,
        ),
        by=by,
        at=moment,
    )
    return case


@transaction.atomic
def confirm_solution(
    case: Case, *, solved: bool, by: User | None, at: dt.datetime | None = None
) -> Case:
    """The customer answered: solved closes the case, not solved gives the turn back."""
    case = locked(case)
    if case.closed_at or case.resolved_at is None:
        return case
    if solved:
        return close_case(case, confirmed=True, by=by, at=at)
    moment = at or timezone.now()
    owner = site_or_head_office(case)
    pass_turn(case, owner, at=moment, by=by, reason="not solved")
    case.resolved_at, case.resolved_by, case.warned_at = None, None, None
    store(case, moment)
    record_change("reopen_case", case, by=by, at=moment, changes={"solved": [None, False]})
    publish(
        CaseReopened(
            **links_of(case),
            kind=case.category.kind,
            owner=owner,
        ),
        by=by,
        at=moment,
    )
    return case


@transaction.atomic
def close_case(
    case: Case,
    *,
    by: User | None,
    confirmed: bool | None = None,
    reason: str = "",
    at: dt.datetime | None = None,
) -> Case:
    """End the cycle; without the customer's word a reason is needed. Twice changes nothing."""
    case = locked(case)
    if case.closed_at:
        return case
    if confirmed is None and not reason.strip():
        raise ValidationError({"reason": _("Say why it ends without the customer's word.")})
    moment = at or timezone.now()
    end_turn(case, at=moment)
    case.closed_at, case.closed_by, case.confirmed = moment, by, confirmed
    store(case, moment)
    record_change(
        "close_case",
        case,
        by=by,
        at=moment,
        changes={"confirmed": [None, confirmed]},
        reason=reason,
    )
    publish(
        CaseClosed(
            **links_of(case),
            kind=case.category.kind,
            owner=case.holder,
            confirmed=confirmed,
        ),
        by=by,
        at=moment,
    )
    return case
