"""Writes over how sources are reached: connect one, and reach it otherwise."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from dangol.core.audit import record_change
from dangol.core.models import User
from dangol.core.sealing import seal
from dangol.customers.source_names import OWN_NAMES
from dangol.sources.actions import locked, not_under_way
from dangol.sources.connecting import Trouble, connector
from dangol.sources.connecting.reach import check_reach, where
from dangol.sources.models import Connection, Entity, Source

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


def check_connection(connection: str, said: dict[str, Any], hidden: str) -> str:
    """Who answers; ValidationError when nobody does."""
    opened = None
    try:
        opened = connector(connection, said, hidden)
        return opened.test()
    except Trouble as failure:
        raise ValidationError({failure.field: failure.said}) from None
    finally:
        if opened is not None:
            opened.close()


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


@transaction.atomic
def connect_source(
    *, code: str, name: str, entity: str, connection: str, reach: dict[str, Any],
    hidden: str = "", system: str = "", by: User | None,
) -> Source:  # fmt: skip
    """A new source that answers; what it holds is said next."""
    code = code.strip().lower()
    if not CODE.fullmatch(code):
        raise ValidationError({"code": _("A code has small letters, digits, - and _, up to 40.")})
    if entity not in Entity or connection not in Connection:
        raise ValidationError(_("There is no such kind of source."))
    if Source.objects.filter(code=code).exists():
        raise ValidationError({"code": _("There is a source with this code already.")})
    system, said = system_of(system, code), plain_settings(reach)
    check_connection(connection, said, hidden)
    source = Source.objects.create(
        code=code, name=name.strip()[:80] or code, entity=entity, connection=connection, reach=said,
        secret=seal(hidden) if hidden else "", system=system, by=by,
    )  # fmt: skip
    record_change("connect_source", source, by=by, changes={"code": [None, code]})
    return source


@transaction.atomic
def change_connection(
    source: Source, *, reach: dict[str, Any], hidden: str | None = None, name: str = "",
    by: User | None,
) -> Source:  # fmt: skip
    """Reach the source otherwise; a secret that is not given stays as it is, for the same place."""
    source = locked(source)
    said = plain_settings(reach)
    if said != source.reach or (hidden is not None and hidden != source.hidden):
        not_under_way(source)
    if hidden is None and source.secret:
        stays_with_its_place(source, said)
    check_connection(source.connection, said, source.hidden if hidden is None else hidden)
    before, source.reach = source.reach, said
    if hidden is not None:
        source.secret = seal(hidden) if hidden else ""
    source.name = name.strip()[:80] or source.name
    source.save()
    changes = {"reach": [before, said]} | ({"secret": ["…", "…"]} if hidden is not None else {})
    record_change("change_connection", source, by=by, changes=changes)
    return source


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
