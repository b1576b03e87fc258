"""Making surveys, their versions and the index."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.interactions.models import Questionnaire
from dangol.surveys.defaults import INDEXES, SURVEYS
from dangol.surveys.design import checked_body, checked_items
from dangol.surveys.models import Index, Process, Survey, Version


class DraftChanged(Exception):
    """Somebody else saved the draft meanwhile; nothing was written."""


@transaction.atomic
def create_survey(
    *,
    key: str,
    title: str,
    process: str,
    by: User | None,
    title_en: str = "",
    body: list[dict[str, Any]] | None = None,
    at: dt.datetime | None = None,
) -> Survey:
    """Make a survey with a first draft."""
    questionnaire = Questionnaire(title=title, title_en=title_en, purpose=process)
    questionnaire.full_clean(exclude=["ended_at"])
    questionnaire.save(force_insert=True)
    survey = Survey(
        questionnaire=questionnaire, key=key, process=process, created_at=at or timezone.now()
    )
    survey.full_clean()
    survey.save(force_insert=True)
    Version.objects.create(survey=survey, number=1, body=checked_body(body or []), created_by=by)
    changes = {"key": [None, key], "title": [None, title], "process": [None, process]}
    record_change("create_survey", survey, by=by, changes=changes)
    return survey


@transaction.atomic
def rename_survey(survey: Survey, *, title: str, title_en: str = "", by: User | None) -> Survey:
    """Give the survey another name."""
    named = Questionnaire.objects.select_for_update().get(pk=survey.pk)
    changes = {"title": [named.title, title], "title_en": [named.title_en, title_en]}
    named.title, named.title_en = title, title_en
    named.full_clean(exclude=["ended_at"])
    named.save()
    survey.questionnaire = named
    record_change("rename_survey", survey, by=by, changes=changes)
    return survey


@transaction.atomic
def save_draft_version(
    survey: Survey,
    body: list[dict[str, Any]],
    *,
    by: User | None,
    revision: int | None = None,
) -> Version:
    """Write the survey's draft; after a publication this begins the next version.

    `revision` is the one that the writer saw: DraftChanged if another was saved since.
    """
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    body = checked_body(body)
    latest = survey.versions.last()
    if latest is None or latest.published_at:
        if revision not in (None, 0):
            raise DraftChanged
        number = latest.number + 1 if latest else 1
        return Version.objects.create(survey=survey, number=number, body=body, created_by=by)
    if revision not in (None, latest.revision):
        raise DraftChanged
    if latest.body != body:
        latest.body, latest.revision = body, latest.revision + 1
        latest.save()
    return latest


@transaction.atomic
def publish_version(version: Version, *, by: User | None, at: dt.datetime | None = None) -> Version:
    """Ask this version from now on; a second time changes nothing."""
    # The survey first, as whoever saves the draft does: that draft is written before, or is the next.
    Survey.objects.select_for_update(no_key=True).get(pk=version.survey_id)
    version = Version.objects.select_for_update().get(pk=version.pk)
    if version.published_at:
        return version
    if not version.body:
        raise ValidationError(_("A survey without questions cannot be published."))
    version.published_at, version.published_by = at or timezone.now(), by
    version.save()
    record_change("publish_version", version, by=by, changes={"number": [None, version.number]})
    return version


@transaction.atomic
def define_index(process: str, items: list[dict[str, Any]], *, by: User | None) -> Index:
    """Weigh a process's items anew; responses completed before keep the weights of their day."""
    if process not in Process.values:
        raise ValidationError({"process": _("There is no such process.")})
    items = checked_items(items)
    one_after_the_other(process)
    latest = Index.objects.filter(process=process).order_by("number").last()
    if latest and latest.items == items:
        return latest
    number = latest.number + 1 if latest else 1
    index = Index.objects.create(process=process, number=number, items=items, defined_by=by)
    before = latest.weights if latest else None
    record_change("define_index", index, by=by, changes={"weights": [before, index.weights]})
    return index


def one_after_the_other(process: str) -> None:
    """Two people who weigh a process at once wait for each other; there may be no row to hold yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('surveys.index'), hashtext(%s))", [process]
        )


@transaction.atomic
def make_default_surveys(*, by: User | None = None) -> dict[str, Survey]:
    """The surveys and indexes that a company starts with; what exists stays as it is."""
    for process, items in INDEXES.items():
        if not Index.objects.filter(process=process).exists():
            define_index(process, items, by=by)
    made = {s.key: s for s in Survey.objects.select_related("questionnaire")}
    for given in SURVEYS:
        if given["key"] not in made:
            survey = create_survey(**given, by=by)
            publish_version(survey.versions.get(), by=by)
            made[survey.key] = survey
    return {given["key"]: made[given["key"]] for given in SURVEYS}
