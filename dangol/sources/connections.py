"""Writes over how sources are reached: connect one, and reach it otherwise."""

from __future__ import annotations

import re
import unicodedata
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection as ours
from django.db import transaction
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.core.sealing import seal, unseal
from dangol.customers.source_names import OWN_NAMES
from dangol.sources.actions import locked, not_under_way, unchanged
from dangol.sources.connecting import Trouble, look
from dangol.sources.connecting.reach import check_reach, where
from dangol.sources.models import Connection, Entity, Source

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def check_connection(connection: str, said: dict[str, Any], hidden: str) -> str:
    """Who answers; ValidationError when nobody does."""
    try:
        return look(connection, said, hidden, lambda opened: opened.test())
    except Trouble as failure:
        raise ValidationError({failure.field: failure.said}) from None


def plain_settings(said: dict[str, Any]) -> dict[str, Any]:
    """What may lie open: short texts and numbers under short names."""
    found = {}
    for name, value in said.items():
        if not isinstance(value, str | int | bool) or len(str(value)) > 500:
            raise ValidationError({"reach": _("“%(name)s” is no setting.") % {"name": str(name)[:60]}})  # fmt: skip
        if value != "":
            found[str(name)[:40]] = value
    return found


def system_of(system: str, code: str) -> str:
    """The system whose keys a source speaks of; names under which Dangol writes itself are none."""
    found = (system.strip() or code)[:40]
    if unicodedata.normalize("NFKC", found).strip().casefold() in OWN_NAMES:
        raise ValidationError(
            {
                "system" if system.strip() else "code": _(
                    "Dangol itself writes under “%(name)s”. Choose another name for the system."
                )
                % {"name": found}
            }
        )
    return found


@dataclass(frozen=True, slots=True)
class Tried:
    """Settings under which a system has answered, and those that held then."""

    reach: dict[str, Any]
    secret: str | None
    """Sealed; none: it stays as it is."""
    before: tuple[dict[str, Any], str]

    def of(self, source: Source) -> Source:
        """The source as it would be reached, not kept."""
        found = copy(source)
        found.reach = self.reach
        found.secret = found.secret if self.secret is None else self.secret
        return found


def a_new_source(
    *, code: str, name: str, entity: str, connection: str, reach: dict[str, Any],
    hidden: str = "", system: str = "", by: User | None,
) -> Source:  # fmt: skip
    """A source that answers and is not kept yet."""
    code = code.strip().lower()
    if not CODE.fullmatch(code):
        raise ValidationError({"code": _("A code has small letters, digits, - and _, up to 40.")})
    if entity not in Entity or connection not in Connection:
        raise ValidationError(_("There is no such kind of source."))
    refuse_known(code)
    system, said = system_of(system, code), plain_settings(reach)
    check_connection(connection, said, hidden)
    return Source(
        code=code, name=name.strip()[:80] or code, entity=entity, connection=connection, reach=said,
        secret=seal(hidden) if hidden else "", system=system, by=by,
    )  # fmt: skip


def refuse_known(code: str) -> None:
    """Refuse a code that a source has."""
    if Source.objects.filter(code=code).exists():
        raise ValidationError({"code": _("There is a source with this code already.")})


@transaction.atomic
def keep_source(source: Source, *, by: User | None) -> Source:
    """Keep a source that has answered; what it holds is said next."""
    with ours.cursor() as cursor:  # of two with one code, the second is told so
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('sources.code'))")
    refuse_known(source.code)
    source.save(force_insert=True)
    record_change("connect_source", source, by=by, changes={"code": [None, source.code]})
    return source


def connect_source(*, by: User | None, **said: Any) -> Source:
    """A new source that answers: it is tried first, while nothing of ours is locked."""
    return keep_source(a_new_source(by=by, **said), by=by)


def try_connection(source: Source, *, reach: dict[str, Any], hidden: str | None = None) -> Tried:
    """Whether a source answers under other settings; a secret that is not given stays as it is,
    for the same place."""
    said = plain_settings(reach)
    if hidden is None and source.secret:
        stays_with_its_place(source, said)
    if is_other(source, said, hidden):
        not_under_way(source)
    check_connection(source.connection, said, source.hidden if hidden is None else hidden)
    secret = None if hidden is None else seal(hidden) if hidden else ""
    return Tried(said, secret, (source.reach, source.secret))


def is_other(source: Source, said: dict[str, Any], hidden: str | None) -> bool:
    """Whether settings differ from those that hold."""
    return said != source.reach or (hidden is not None and hidden != source.hidden)


@transaction.atomic
def keep_connection(source: Source, tried: Tried, *, name: str = "", by: User | None) -> Source:
    """Reach the source otherwise from now on, if it is still reached as it was when that was tried."""
    source = locked(source)
    unchanged(source, *tried.before)
    hidden = unseal(tried.secret) if tried.secret else tried.secret
    if is_other(source, tried.reach, hidden):
        not_under_way(source)
    before, source.reach = source.reach, tried.reach
    source.secret = source.secret if tried.secret is None else tried.secret
    source.name = name.strip()[:80] or source.name
    source.save()
    changes = {"reach": [before, tried.reach]}
    changes |= {"secret": ["…", "…"]} if tried.secret is not None else {}
    record_change("change_connection", source, by=by, changes=changes)
    return source


def change_connection(
    source: Source, *, reach: dict[str, Any], hidden: str | None = None, name: str = "",
    by: User | None,
) -> Source:  # fmt: skip
    """Reach the source otherwise: it is tried first, while nothing of ours is locked."""
    tried = try_connection(source, reach=reach, hidden=hidden)
    return keep_connection(source, tried, name=name, by=by)


def stays_with_its_place(source: Source, said: dict[str, Any]) -> None:
    """Refuse to send a kept secret to another place than the one for which it was given."""
    try:
        check_reach(source.connection, said, source.hidden)
    except Trouble as failure:
        raise ValidationError({failure.field: failure.said}) from None
    if where(source.connection, said) != where(source.connection, source.reach):
        raise ValidationError(
            {"hidden": _("Give the password again: it is only sent to the place for which it was given.")}
        )  # fmt: skip
