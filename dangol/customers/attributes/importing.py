"""Own attributes in files: columns for those there are, proposals for headings that mean nothing yet."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from dangol.core.models import User
from dangol.core.resident_numbers import LOOKS_LIKE_ONE, holds_number
from dangol.customers.attributes.actions import KEY, make_attribute, one_maker
from dangol.customers.attributes.models import Attribute, AttributeKind
from dangol.customers.attributes.queries import PREFIX
from dangol.customers.attributes.romanising import romanised
from dangol.customers.attributes.values import code_of
from dangol.imports.cells import day, number
from dangol.imports.kinds import Column, Refused, called

SQL = {"number": "float8", "choice": "text", "yes_no": "boolean", "date": "date"}
YES_NO = dict.fromkeys(("yes", "y", "true", "t", "1", "예", "네", "o", "참", "있음"), True) | dict.fromkeys(
    ("no", "n", "false", "f", "0", "아니오", "아니요", "x", "거짓"), False
)  # fmt: skip
MOST_CHOICES, WORDY = 50, 40
NAMED = 12
REACHES = re.compile(r".*@.*|\+?\d[\d\s()-]{6,}\d")
"""An e-mail address or a phone: never a choice."""
CODED = re.compile(r"0\d+|\d{9,}")
"""Digits that are a number under which something is known, not an amount."""


def figure(cell: str) -> float:
    """A number; nothing that looks like a resident registration number (PIPA 24-2)."""
    if holds_number(cell):
        raise Refused(LOOKS_LIKE_ONE)
    return float(number(cell, 15, 6))


def yes_no(cell: str) -> bool:
    """Yes or no, in either language."""
    found = YES_NO.get(cell.casefold())
    if found is None:
        raise Refused(gettext_noop("“%(cell)s” is neither yes nor no"), cell=cell[:40])
    return found


def chosen(cell: str, codes: Mapping[str, str]) -> str:
    """The code of one of the choices, by code or name."""
    found = codes.get(cell.casefold())
    if found is None:
        known = list(dict.fromkeys(codes.values()))
        told = ", ".join(known[:NAMED]) + (" …" if len(known) > NAMED else "")
        raise Refused(gettext_noop("“%(cell)s” is none of: %(known)s"), cell=cell[:40], known=told)
    return found


def codes_of(choices: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Every way to say a choice, with its code."""
    names = ("name_en", "name", "code")
    return {c[n].casefold(): c["code"] for n in names for c in choices if c.get(n)}


def column_of(attribute: Attribute) -> Column:
    """An attribute as a column of a file."""
    parsers = {"number": figure, "yes_no": yes_no, "date": day}
    parse = parsers.get(attribute.kind) or called(chosen, codes=codes_of(attribute.choices))
    return Column(
        PREFIX + attribute.key, str(attribute), parse, sql=SQL[attribute.kind],
        aliases=(attribute.key, attribute.name, attribute.name_en or attribute.key),
        help=AttributeKind(attribute.kind).label,
    )  # fmt: skip


class OwnAttributes:
    """What the imports of customers may load beside what the product knows."""

    label: str | Promise = gettext_lazy("Own attributes")
    kinds = AttributeKind.choices

    def columns(self, mapping: Mapping[str, Any]) -> list[Column]:
        """The attributes in use, and those that a mapping will make."""
        every = list(Attribute.objects.all())
        known, keys = [a for a in every if a.ended_at is None], {a.key for a in every}
        for name, said in mapping.items():
            key = name.removeprefix(PREFIX)
            if (
                name.startswith(PREFIX)
                and key not in keys
                and isinstance(said, dict)
                and said.get("new")
            ):
                known.append(drafted(key, said["new"]))
        return [column_of(attribute) for attribute in known]

    def proposed(
        self, heading: str, cells: Sequence[str], taken: set[str], kind: str = "", name: str = ""
    ) -> tuple[str, dict[str, Any]] | None:
        """The name of a new column and what it would be; None where nothing fits (free text)."""
        kind = kind or kind_guessed(cells)
        choices = choices_guessed(cells) if kind == AttributeKind.CHOICE else []
        if not kind or (kind == AttributeKind.CHOICE and not choices):
            return None
        made = {"kind": kind, "name": (name or heading).strip()[:80], "choices": choices}
        return PREFIX + key_for(name or heading, taken), {"heading": heading, "new": made}

    def make(self, mapping: Mapping[str, Any], by: User | None) -> None:
        """Begin the attributes that a mapping makes and that are not there yet; ValidationError where
        one was made meanwhile that is of another kind."""
        wanted = {
            name.removeprefix(PREFIX): said["new"] for name, said in mapping.items()
            if name.startswith(PREFIX) and isinstance(said, dict) and said.get("new")
        }  # fmt: skip
        if not wanted:
            return
        one_maker()
        known = {a.key: a for a in Attribute.objects.filter(key__in=wanted)}
        for key, new in wanted.items():
            if key not in known:
                make_attribute(key=key, by=by, **spec_of(new))
            elif known[key].kind != spec_of(new)["kind"]:
                refuse_other_kind(known[key], new["kind"])


def refuse_other_kind(attribute: Attribute, kind: str) -> None:
    """Somebody made an attribute with this key and another kind: nothing of this file is loaded."""
    told = {
        "key": attribute.key, "kind": attribute.get_kind_display(),
        "wanted": AttributeKind(kind).label,
    }  # fmt: skip
    said = _(
        "“%(key)s” was made meanwhile as “%(kind)s”, and this file wants “%(wanted)s”: choose the columns again."
    )
    raise ValidationError({f"mapping.{PREFIX}{attribute.key}": said % told})


def spec_of(given: Any) -> dict[str, Any]:
    """What a mapping says of a new attribute, as the action takes it; ValidationError for nonsense."""
    fits = isinstance(given, dict) and given.get("kind") in AttributeKind.values
    name = given.get("name") if fits else None
    choices = given.get("choices") or [] if fits else []
    if not isinstance(name, str) or not isinstance(choices, list) or len(choices) > MOST_CHOICES:
        raise ValidationError(_("A new attribute has a name, a kind and at most 50 choices."))
    made = []
    for one in choices:
        words = one if isinstance(one, dict) else {"name": one}
        told = str(words.get("name") or "")[:80]
        code = code_of(str(words.get("code") or told))
        if not code or not told:
            raise ValidationError(_("A choice needs letters or digits."))
        made.append({"code": code, "name": told, "name_en": str(words.get("name_en") or "")[:80]})
    return {"kind": given["kind"], "name": name[:80], "choices": made}


def drafted(key: str, given: Any) -> Attribute:
    """An attribute that is not stored yet."""
    if not KEY.fullmatch(key):
        raise ValidationError(_("A key is made of small letters a–z, digits and _."))
    return Attribute(key=key, **spec_of(given))


def key_for(heading: str, taken: set[str]) -> str:
    """TotalCharges → total_charges, 사용 개월 → sayong_gaewol; without either a key that the heading
    always gives."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", romanised(heading)).lower()
    plain = re.sub(r"[^a-z0-9]+", "_", words).strip("_").lstrip("0123456789_")[:32].rstrip("_")
    if not plain:
        plain = "a" + hashlib.sha256(heading.encode()).hexdigest()[:8]
    key, n = plain, 2
    while PREFIX + key in taken:
        key, n = f"{plain}_{n}", n + 1
    return key


def fits(cells: set[str], parse: Any) -> bool:
    """Whether every cell can be taken."""
    try:
        for cell in cells:
            parse(cell)
    except Refused:
        return False
    return True


def recent_enough(cell: str) -> dt.date:
    """A day; eight digits only where they could be one of the last hundred years."""
    found = day(cell)
    if cell.isdigit() and not (len(cell) == 8 and 1925 <= found.year <= 2075):
        raise Refused("no day")
    return found


def kind_guessed(cells: Sequence[str]) -> str:
    """The kind that every cell of a sample fits; nothing for what could name somebody."""
    known = {cell for cell in cells if cell}
    if not known or any(holds_number(cell) for cell in known):
        return ""
    if fits(known, yes_no):
        return str(AttributeKind.YES_NO)
    if fits(known, recent_enough):
        return str(AttributeKind.DATE)
    coded = any(CODED.fullmatch(cell) for cell in known)
    if fits(known, figure) and not coded:
        return str(AttributeKind.NUMBER)
    return str(AttributeKind.CHOICE) if choices_guessed(cells) and not coded else ""


def choices_guessed(cells: Sequence[str]) -> list[dict[str, str]]:
    """The different cells as choices; none where there are too many, where they do not come back, or
    where one is as long as a sentence: what is said freely may name somebody, and is no choice."""
    known = list(dict.fromkeys(cell for cell in cells if cell))
    filled = sum(1 for cell in cells if cell)
    most = min(filled / 2 if filled > 20 else filled - 1, MOST_CHOICES)
    if not known or len(known) > most or max(map(len, known)) > WORDY:
        return []
    if any(REACHES.fullmatch(cell) for cell in known):
        return []
    found: dict[str, dict[str, str]] = {}
    for name in sorted(known):
        code, n = code_of(name), 2
        if not code:
            return []
        while code in found:
            code, n = f"{code_of(name)[:76]} {n}", n + 1
        found[code] = {"code": code, "name": name[:80], "name_en": ""}
    return list(found.values())
