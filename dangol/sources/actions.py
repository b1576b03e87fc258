"""Writes over sources that are connected: map, trust, schedule, run, stop, allow."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.jobs import app
from dangol.core.models import User
from dangol.core.sealing import is_newest, seal, unseal
from dangol.sources.connecting import Trouble, look
from dangol.sources.entities import columns_of, needed, trusted_fields
from dangol.sources.models import LandedRow, Run, Source
from dangol.sources.outgoing.models import Subscriber
from dangol.sources.scheduling.timing import check_schedule, next_moment
from dangol.sources.transforming import wrong_step


@dataclass(frozen=True, slots=True)
class Headings:
    """What was seen at a place, and how the source was reached then."""

    place: str
    columns: list[str]
    reach: dict[str, Any]
    secret: str


def locked(source: Source) -> Source:
    """The source for writing."""
    return Source.objects.select_for_update().get(pk=source.pk)


def not_under_way(source: Source) -> None:
    """Refuse a change of what is read while it is read: half of the rows would be read otherwise."""
    if source.runs.filter(ended_at=None).exists():
        raise ValidationError(
            _("A run is under way. Stop it or wait for its end, then change this.")
        )


def choose_place(source: Source, place: str, *, by: User | None) -> Source:
    """Say which table, file or list is read; its headings are looked at first, while nothing of
    ours is locked."""
    return keep_place(source, read_headings(source, place), by=by)


def read_headings(source: Source, place: str) -> Headings:
    """What stands above a place, as the source says it now; ValidationError when it says nothing."""
    try:
        columns = look(source.connection, source.reach, source.hidden, lambda opened: opened.columns(place))  # fmt: skip
    except Trouble as failure:
        raise ValidationError({"place": failure.said}) from None
    if not columns:
        raise ValidationError({"place": _("There is nothing to read there.")})
    return Headings(place[:200], [c[:120] for c in columns], source.reach, source.secret)


@transaction.atomic
def keep_place(source: Source, seen: Headings, *, by: User | None) -> Source:
    """Keep what was seen, if the source is still reached as it was then."""
    source = locked(source)
    unchanged(source, seen.reach, seen.secret)
    before, source.place, source.columns = source.place, seen.place, seen.columns
    if before != source.place:
        not_under_way(source)
    source.watermark = {} if before != source.place else source.watermark
    source.save()
    record_change("choose_place", source, by=by, changes={"place": [before, source.place]})
    return source


def unchanged(source: Source, reach: dict[str, Any], secret: str) -> None:
    """Refuse what was found out about a source that is reached otherwise by now."""
    if (source.reach, source.secret) != (reach, secret):
        raise ValidationError(
            _("The source was changed meanwhile. Look at it again, then say it anew.")
        )


def check_mapping(source: Source, mapping: dict[str, Any]) -> dict[str, Any]:
    """A mapping in its one form; ValidationError that names what is wrong."""
    known = {column.name: column for column in columns_of(source.entity)}
    found, wrong = {}, []
    for name, said in mapping.items():
        headings = [str(h) for h in said.get("from") or []]
        value, steps = str(said.get("value") or "")[:200], said.get("do") or []
        if not headings and not value:
            continue
        if name not in known:
            wrong.append(_("There is no “%(name)s” to read.") % {"name": name[:60]})
            continue
        wrong += [_("There is no column “%(name)s”.") % {"name": h[:60]} for h in headings if h not in source.columns]  # fmt: skip
        wrong += [said for step in steps if (said := wrong_step(step, known[name].label))]
        found[name] = {"from": headings, "value": value, "do": [[str(part) for part in step] for step in steps]}  # fmt: skip
    for name in needed(source.entity):
        if name not in found:
            wrong.append(_("No column is chosen for “%(label)s”.") % {"label": known[name].label})
    if wrong:
        raise ValidationError({"mapping": wrong})
    return found


@transaction.atomic
def set_mapping(source: Source, mapping: dict[str, Any], *, by: User | None) -> Source:
    """Say which column means what, and what is done to its cells."""
    source = locked(source)
    found = check_mapping(source, mapping)
    before, source.mapping = source.mapping, found
    if before != found:
        not_under_way(source)
        source.watermark = {}  # rows that were read under another mapping are read again
        source.files.all().delete()
    source.save()
    record_change("map_source", source, by=by, changes={"mapping": [before, found]})
    return source


@transaction.atomic
def set_trust(source: Source, trust: dict[str, int], *, by: User | None) -> Source:
    """Say how far the source is trusted, field by field."""
    source = locked(source)
    fields = trusted_fields(source.entity)
    if any(
        name not in fields or type(rank) is not int or not 0 <= rank <= 100
        for name, rank in trust.items()
    ):
        raise ValidationError({"trust": _("Trust is a number from 0 to 100 for each field.")})
    before, source.trust = source.trust, dict(trust)
    source.save()
    record_change("trust_source", source, by=by, changes={"trust": [before, trust]})
    return source


@transaction.atomic
def set_schedule(
    source: Source, *, schedule: str, full: bool, watermark_column: str = "", by: User | None,
    at: dt.datetime | None = None,
) -> Source:  # fmt: skip
    """Say when and how the source is read; from then on it is ready."""
    source, moment = locked(source), at or timezone.now()
    line = check_schedule(schedule)
    check_mapping(source, source.mapping)
    if not full and source.connection != "folder" and watermark_column not in source.columns:
        raise ValidationError({"watermark_column": _("Choose the column that grows with every change.")})  # fmt: skip
    before = [source.schedule, source.full]
    source.schedule, source.full = line, full
    if source.watermark_column != watermark_column:
        not_under_way(source)
        source.watermark_column, source.watermark = watermark_column[:120], {}
    source.ready_at = source.ready_at or moment
    source.next_at = next_moment(line, moment)
    source.save()
    record_change("schedule_source", source, by=by, changes={"schedule": [before, [line, full]]})
    return source


@transaction.atomic
def start_run(
    source: Source, *, by: User | None, full: bool | None = None, now: bool = True,
    at: dt.datetime | None = None,
) -> Run:  # fmt: skip
    """Begin a run, or go on with the one that is under way; it works in the background."""
    source, moment = locked(source), at or timezone.now()
    if source.ready_at is None or source.ended_at:
        raise ValidationError(_("The source is not ready: finish its steps first."))
    run = source.runs.filter(ended_at=None).first()
    if run is None:
        wanted = source.full if full is None else full
        run = Run.objects.create(
            source=source, by=by, full=wanted or not ready_for_newer(source),
            watermark_column=source.watermark_column,
        )  # fmt: skip
        record_change("run_source", source, by=by, changes={"run": [None, str(run.pk)]})
    source.next_at = next_moment(source.schedule, moment)
    source.save(update_fields=["next_at"])
    if now and run.state != "asks":
        app.configure_task("sources.run", lock=f"source {source.pk}").defer(key=str(run.pk))
    return run


def ready_for_newer(source: Source) -> bool:
    """Whether a run can ask for what is newer: of files always, of others after a first whole run."""
    return source.connection == "folder" or bool(source.watermark)


@transaction.atomic
def stop_run(run: Run, *, by: User | None, at: dt.datetime | None = None) -> Run:
    """Stop before the next batch; what was applied stays."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.ended_at:
        return run
    run.stopped_at = run.ended_at = at or timezone.now()
    run.token, run.cursor = None, {}
    run.save()
    LandedRow.objects.filter(run_id=run.pk).delete()
    record_change("stop_run", run, by=by, changes={"position": [None, run.position]})
    return run


@transaction.atomic
def allow_run(run: Run, *, by: User | None, at: dt.datetime | None = None) -> Run:
    """It looked wrong, but it is right: go on."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    if run.state != "asks":
        raise ValidationError(_("This run asks nothing."))
    if run.asked.get("needed"):
        raise ValidationError(_("The column by which rows are known is gone. Stop this run, then match it anew."))  # fmt: skip
    run.allowed_at, run.allowed_by = at or timezone.now(), by
    if run.asked["why"] != "column_gone":
        run.read_at = run.allowed_at
    run.save()
    record_change("allow_run", run, by=by, changes={"asked": [run.asked, "allowed"]})
    app.configure_task("sources.run", lock=f"source {run.source_id}").defer(key=str(run.pk))
    return run


@transaction.atomic
def pause_source(source: Source, *, by: User | None, at: dt.datetime | None = None) -> Source:
    """Read the source no more by schedule."""
    source = locked(source)
    if source.paused_at is None:
        source.paused_at = at or timezone.now()
        source.save()
        record_change("pause_source", source, by=by)
    return source


@transaction.atomic
def resume_source(source: Source, *, by: User | None, at: dt.datetime | None = None) -> Source:
    """Read it by schedule again."""
    source = locked(source)
    if source.paused_at is not None:
        source.paused_at = None
        source.next_at = next_moment(source.schedule, at or timezone.now())
        source.save()
        record_change("resume_source", source, by=by)
    return source


def seal_anew() -> int:
    """Seal every secret with the newest key; how many were sealed with an older one."""
    count = 0
    for model in (Source, Subscriber):
        for key in model.objects.exclude(secret="").values_list("pk", flat=True):
            with transaction.atomic():
                row = model.objects.select_for_update().get(pk=key)
                if not is_newest(row.secret):
                    row.secret = seal(unseal(row.secret))
                    row.save(update_fields=["secret"])
                    count += 1
    return count
