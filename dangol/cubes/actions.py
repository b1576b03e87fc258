"""What can be done with views, subscriptions, goals, watches and issues."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.cubes.addresses import address_of, given_of
from dangol.cubes.catalogue import FARTHEST, SUBJECTS, Measure
from dangol.cubes.goals import question_for
from dangol.cubes.models import Goal, Issue, Subscription, Test, View, Watch
from dangol.cubes.query import Query, Refused, query_of, unknown_together
from dangol.cubes.tests_of_change import kind_of
from dangol.places.models import Place

MOST_ADDRESS = 8000
MOST_GOAL_DAYS = 3660


def question_of(address: str) -> Query:
    """The question of a kept address; ValidationError says what is wrong with it."""
    if len(address) > MOST_ADDRESS:
        raise ValidationError({"address": _("The question is too long.")})
    try:
        return query_of(given_of(QueryDict(address)))
    except Refused as refused:
        raise ValidationError({"address": list(refused.errors.values())}) from None


def by_field(refused: Refused, **names: str) -> dict[str, list[str]]:
    """What is wrong with a question, by the fields of what is kept."""
    return {names.get(name, name): [text] for name, text in refused.errors.items()}


def ended[Kept: (Subscription, Goal, Watch)](row: Kept, name: str, by: User) -> Kept:
    """It holds no longer; a second time changes nothing."""
    row = type(row).objects.select_for_update().get(pk=row.pk)
    if row.ended_at is None:
        row.ended_at = timezone.now()
        row.save(update_fields=["ended_at"])
        record_change(name, row, by=by, changes={})
    return row


@transaction.atomic
def save_view(
    *, name: str, address: str, sharing: str = "none", roles: list[str] | None = None, by: User
) -> View:
    """Keep a question under a name; the same name of the same person is overwritten."""
    fields = {
        "address": address_of(question_of(address)), "sharing": sharing,
        "roles": sorted(set(roles or [])),
    }  # fmt: skip
    found = View.objects.select_for_update().filter(owner=by, name=name, ended_at=None).first()
    view = found or View(owner=by, name=name)
    for field, value in fields.items():
        setattr(view, field, value)
    view.full_clean(exclude=["id"], validate_constraints=False)
    view.save()
    record_change("cubes.view_saved", view, by=by, changes={"name": [None, name], "sharing": [None, sharing]})  # fmt: skip
    return view


@transaction.atomic
def share_view(view: View, *, sharing: str, roles: list[str] | None = None, by: User) -> View:
    """Say who else may open a view of one's own."""
    if view.owner_id != by.pk:
        raise PermissionDenied("cubes.own_view")
    return save_view(name=view.name, address=view.address, sharing=sharing, roles=roles, by=by)


@transaction.atomic
def end_view(view: View, *, by: User, at: dt.datetime | None = None) -> View:
    """Nobody opens it any more; its subscriptions end with it."""
    if view.owner_id != by.pk:
        raise PermissionDenied("cubes.own_view")
    view = View.objects.select_for_update().get(pk=view.pk)
    if view.ended_at is None:
        view.ended_at = at or timezone.now()
        view.save(update_fields=["ended_at"])
        view.subscriptions.filter(ended_at=None).update(ended_at=view.ended_at)
        record_change("cubes.view_ended", view, by=by, changes={})
    return view


@transaction.atomic
def subscribe(
    view: View, *, every: str, hour: int, xlsx: bool = True, pdf: bool = True, by: User
) -> Subscription:
    """Have a view mailed; another time of the same view replaces the one before."""
    if not xlsx and not pdf:
        raise ValidationError({"xlsx": _("Choose a file.")})
    found = Subscription.objects.select_for_update().filter(view=view, user=by, ended_at=None).first()  # fmt: skip
    row = found or Subscription(view=view, user=by)
    row.every, row.hour, row.xlsx, row.pdf = every, hour, xlsx, pdf
    row.full_clean(exclude=["id"], validate_constraints=False)
    row.save()
    record_change("cubes.subscribed", row, by=by, changes={"every": [None, every], "hour": [None, hour]})  # fmt: skip
    return row


@transaction.atomic
def unsubscribe(subscription: Subscription, *, by: User) -> Subscription:
    """No more mails."""
    return ended(subscription, "cubes.unsubscribed", by)


def within_bounds(measure: Measure, value: float | None, field: str) -> dict[str, Any]:
    """What is wrong with a goal or a threshold: a share of 130 % is no goal."""
    low, high = measure.bounds
    if value is None or low <= value <= high:
        return {}
    told = {"low": f"{low:g}", "high": f"{high:g}", "measure": measure.label}
    text = _("“%(measure)s” lies between %(low)s and %(high)s.") if high < FARTHEST else _("“%(measure)s” is not below %(low)s.")  # fmt: skip
    return {field: text % told}


def checked_goal(goal: Goal) -> Goal:
    """A goal that can be reached and measured; ValidationError says by field why not."""
    errors: dict[str, Any] = {}
    if goal.subject not in SUBJECTS or goal.measure not in {m.name for m in SUBJECTS[goal.subject].measures}:  # fmt: skip
        errors["measure"] = _("There is no measure “%s”.") % goal.measure[:40]
    else:
        errors |= within_bounds(SUBJECTS[goal.subject].measure(goal.measure), goal.value, "value")
    if goal.last < goal.first:
        errors["last"] = _("It ends before it begins.")
    elif (goal.last - goal.first).days > MOST_GOAL_DAYS:
        errors["last"] = _("A goal spans ten years at most.")
    if errors:
        raise ValidationError(errors)
    goal.full_clean(exclude=["id"])
    try:
        question_for(goal)
    except Refused as refused:
        raise ValidationError(by_field(refused, measures="measure", period="last")) from None
    return goal


@transaction.atomic
def set_goal(
    *, name: str, subject: str, measure: str, place: Place, value: float, first: dt.date,
    last: dt.date, filters: dict[str, list[str]] | None = None, name_en: str = "", by: User | None,
) -> Goal:  # fmt: skip
    """Say what a figure is to be."""
    goal = Goal(
        name=name, name_en=name_en, subject=subject, measure=measure, place=place, value=value,
        first=first, last=last, filters=filters or {}, set_by=by,
    )  # fmt: skip
    checked_goal(goal).save()
    record_change("cubes.goal_set", goal, by=by, changes={"value": [None, value]})
    return goal


def taken_over(row: Goal | Watch, fields: dict[str, Any]) -> dict[str, Any]:
    """New values of a row's fields; the answer says what changed, from what to what."""
    changes = {}
    for name, value in fields.items():
        before = getattr(row, name)
        if before != value:
            changes[name] = [before, value]
            setattr(row, name, value)
    return {n: [v if isinstance(v, str | int | float | None) else str(v) for v in pair] for n, pair in changes.items()}  # fmt: skip


@transaction.atomic
def change_goal(goal: Goal, *, by: User, **fields: Any) -> Goal:
    """Say anew what a figure is to be; what was said before stays in the records of changes."""
    goal = Goal.objects.select_for_update().select_related("place").get(pk=goal.pk, ended_at=None)
    if changes := taken_over(goal, fields):
        checked_goal(goal).save()
        record_change("cubes.goal_changed", goal, by=by, changes=changes)
    return goal


@transaction.atomic
def end_goal(goal: Goal, *, by: User) -> Goal:
    """The goal holds no longer."""
    return ended(goal, "cubes.goal_ended", by)


def checked_watch(watch: Watch) -> Watch:
    """A watch that can decide; ValidationError says by field why not."""
    query = question_of(watch.address)
    if watch.measure not in {m.name for m in query.subject.measures}:
        raise ValidationError({"measure": _("There is no measure “%s”.") % watch.measure[:40]})
    measure = query.subject.measure(watch.measure)
    if wrong := unknown_together(replace(query, columns=(), formulas=(), measures=(measure,))):
        raise ValidationError({"measure": wrong["measures"]})
    if watch.test == Test.SUDDEN:
        watch.threshold = None
        if not kind_of(query.subject, measure):
            raise ValidationError({"test": _("No test is known for sudden changes of this figure.")})  # fmt: skip
    elif watch.threshold is None:
        raise ValidationError({"threshold": _("A threshold is needed.")})
    if wrong := within_bounds(measure, watch.threshold, "threshold"):
        raise ValidationError(wrong)
    watch.address = address_of(query)
    watch.full_clean(exclude=["id"])
    return watch


@transaction.atomic
def set_watch(
    *, name: str, address: str, measure: str, test: str, threshold: float | None = None,
    least: int = 10, hours: int = 48, owner: User, by: User,
) -> Watch:  # fmt: skip
    """Have each row of a question looked at."""
    watch = Watch(
        name=name, address=address, measure=measure, test=test, threshold=threshold,
        least=least, hours=hours, owner=owner,
    )  # fmt: skip
    checked_watch(watch).save()
    record_change("cubes.watch_set", watch, by=by, changes={"test": [None, test]})
    return watch


@transaction.atomic
def change_watch(watch: Watch, *, by: User, **fields: Any) -> Watch:
    """Have it look for something else; issues that are open stay."""
    watch = Watch.objects.select_for_update().get(pk=watch.pk, ended_at=None)
    if changes := taken_over(watch, fields):
        checked_watch(watch).save()
        record_change("cubes.watch_changed", watch, by=by, changes=changes)
    return watch


@transaction.atomic
def end_watch(watch: Watch, *, by: User) -> Watch:
    """It looks no longer; its issues stay until they are closed."""
    return ended(watch, "cubes.watch_ended", by)


@transaction.atomic
def take_issue(issue: Issue, *, by: User, at: dt.datetime | None = None) -> Issue:
    """Somebody acts on it: from now on it is theirs."""
    issue = Issue.objects.select_for_update().get(pk=issue.pk)
    if issue.taken_at is None and issue.closed_at is None:
        issue.taken_at, issue.taken_by, issue.owner = at or timezone.now(), by, by
        issue.save(update_fields=["taken_at", "taken_by", "owner"])
        record_change("cubes.issue_taken", issue, by=by, changes={})
    return issue


@transaction.atomic
def close_issue(issue: Issue, words: str, *, by: User, at: dt.datetime | None = None) -> Issue:
    """It is settled, in words; the same may be found again later as a new issue."""
    if not words.strip():
        raise ValidationError({"words": _("Say what was found and done.")})
    issue = Issue.objects.select_for_update().get(pk=issue.pk)
    if issue.closed_at is None:
        issue.closed_at, issue.closed_by, issue.words = at or timezone.now(), by, words.strip()
        issue.save(update_fields=["closed_at", "closed_by", "words"])
        record_change("cubes.issue_closed", issue, by=by, changes={})
    return issue


def as_pairs(address: str) -> list[tuple[str, str]]:
    """An address as fields of a form."""
    return parse_qsl(address, keep_blank_values=True)
