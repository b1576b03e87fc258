"""What can be done with watches and the issues that they open."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.core.notices import notify
from dangol.cubes.actions.checking import ended, said, taken_over, within_bounds
from dangol.cubes.asking.addresses import address_of, question_of
from dangol.cubes.asking.query import unknown_together
from dangol.cubes.chance.weeks import kind_of
from dangol.cubes.models import Issue, Test, Watch
from dangol.places.models import Place


def checked_watch(watch: Watch) -> Watch:
    """A watch that can decide; ValidationError says by field why not."""
    watch.name = said(watch.name)
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
def note_look(watch: Watch, at: dt.datetime) -> None:
    """It has looked."""
    Watch.objects.filter(pk=watch.pk).update(looked_at=at)


@transaction.atomic
def open_issue(
    watch: Watch, *, member: str, label: str, place: Place | None, address: str, value: float,
    expected: float | None, evidence: dict[str, Any], at: dt.datetime,
) -> Issue | None:  # fmt: skip
    """One open issue for each row: what is known already is not opened again."""
    Watch.objects.select_for_update().get(pk=watch.pk)
    if Issue.objects.filter(watch=watch, member=member, closed_at=None).exists():
        return None
    issue = Issue.objects.create(
        watch=watch, member=member, label=label, place=place, address=address, value=value,
        expected=expected, evidence=evidence, owner=watch.owner, opened_at=at,
        due_at=at + dt.timedelta(hours=watch.hours),
    )  # fmt: skip
    record_change("cubes.issue_opened", issue, by=None, changes={"value": [None, value]})
    notify(watch.owner, lambda: f"{watch.name}: {issue.label}", f"/cubes/issues/{issue.pk}/")
    return issue


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
