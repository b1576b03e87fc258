"""What both customers will say after a split, field by field, decided as it will be."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dangol.core.masking import shown_contact, shown_phone
from dangol.customers.attributes.values import said_of
from dangol.customers.models import AttributeValue, ContactPoint, Customer, SourceRecord
from dangol.customers.source_names import source_name
from dangol.identity.golden.reaching import reach
from dangol.identity.golden.survivorship import EMPTY, FIELDS, REACH, Trust
from dangol.identity.golden.told import Explained, explained
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.golden.written import TITLES, shown_value, whole_value
from dangol.identity.merging.parting import Parting, founded, known_too


@dataclass(frozen=True, slots=True)
class Word:
    """A value that one of the two will have, where it comes from, and what is to be known of it."""

    value: str
    source: str | Promise = ""
    since: dt.datetime | None = None
    verified: bool = False
    note: str = ""
    gone: bool = False
    """It is so now, and no longer after the split."""
    whole: str = dataclasses.field(default="", repr=False)
    """The value unmasked, to be compared and never shown."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field: what who stays and who is split off will say; nothing is “not known”."""

    field: str
    title: str
    stays: list[Word] = dataclasses.field(default_factory=list)
    goes: list[Word] = dataclasses.field(default_factory=list)

    @property
    def same(self) -> bool:
        """Whether both will say the same, as it is now."""
        stays, goes = ([(w.whole, w.gone) for w in side] for side in (self.stays, self.goes))
        return stays == goes


def halves(
    customer: Customer, parting: Parting, places: dict[str, str] | None = None
) -> list[Line]:
    """Every field that either of the two will have, or that the one who stays loses.

    `places` are the names of sites that the records speak of, where the caller has read them.
    """
    if not parting.possible:
        return []
    trust, new = trust_of_sources(), founded(customer, parting.going)
    new.home_place = customer.home_place
    found = [
        *_fields(customer, new, parting, trust, places), *_ways(customer, new, parting, trust),
        *_attributes(parting),
    ]  # fmt: skip
    return [line for line in found if line.stays or line.goes]


def _fields(
    customer: Customer, new: Customer, parting: Parting, trust: Trust, places: dict[str, str] | None
) -> list[Line]:
    """The golden fields, by the records of each."""
    sides = [
        {line.field: line for line in explained(one, records, trust, places)}
        for one, records in ((customer, parting.staying), (new, parting.going))
    ]
    found = []
    for name in dict.fromkeys([*FIELDS, *sides[0], *sides[1]]):
        stays, goes = (
            _word(name, side.get(name), one)
            for side, one in zip(sides, (customer, new), strict=True)
        )
        now, whole = _stored(name, customer)
        lost = [Word(now, gone=True, whole=whole)] if whole and whole not in {w.whole for w in stays} else []  # fmt: skip
        found.append(Line(name, str(TITLES[name]), stays + lost, goes))
    return found


def _word(name: str, line: Explained | None, customer: Customer) -> list[Word]:
    """The value that survives; where no record says one, what stands there without."""
    if line and line.kept:
        kept = line.kept
        return [Word(kept.value, kept.source, kept.since, kept.verified, whole=kept.whole)]
    if name in ("name", "home"):
        note = _("as it was") if name == "name" else _("stays the customer’s home site")
        stored, whole = _stored(name, customer)
        return [Word(stored, note=note, whole=whole)] if whole else []
    if usual := EMPTY.get(name):
        said = shown_value(name, usual, {})
        return [Word(said, note=_("no record says it"), whole=said)]
    return []


def _stored(name: str, customer: Customer) -> tuple[str, str]:
    """What the customer's row says of a field in words: as it is shown, and whole."""
    if name == "home":
        home = str(customer.home_place or "")
        return home, home
    value = getattr(customer, name, "")
    return shown_value(name, value, {}), whole_value(name, value, {})


def _ways(customer: Customer, new: Customer, parting: Parting, trust: Trust) -> list[Line]:
    """Contact points of either, the one that is used first before the others."""
    all_ = parting.points
    before = {(p.kind, p.value) for p in all_ if p.ended_at is None}
    keys = parting.keys(ContactPoint._meta.db_table)
    theirs, mine = ([p for p in all_ if (p.pk in keys) is moved] for moved in (True, False))
    theirs += known_too(parting, new.pk)
    stays = _open(customer.pk, parting.staying, mine, trust)
    goes = _open(new.pk, parting.going, theirs, trust)
    found = []
    for way in REACH:
        kept = {p.value for p in stays if p.kind == way}
        lost = sorted(value for kind, value in before if kind == way and value not in kept)
        words = [_point(p) for p in stays if p.kind == way]
        words += [Word(_shown(way, value), gone=True, whole=value) for value in lost]
        found.append(Line(way, str(TITLES[way]), words, [_point(p) for p in goes if p.kind == way]))
    return found


def _open(
    customer: uuid.UUID, records: Sequence[SourceRecord], points: list[ContactPoint], trust: Trust
) -> list[ContactPoint]:
    """The contact points that will be in use, as the records bring them."""
    found = reach(customer, records, points, trust, timezone.now())
    open_ = (p for p in [*points, *found.made] if p.ended_at is None)
    return sorted(open_, key=lambda p: (not p.preferred, p.value))


def _point(point: ContactPoint) -> Word:
    state = "" if point.state in ("unverified", "verified") else point.get_state_display()
    return Word(
        _shown(point.kind, point.value), source_name(point.source), point.said_since,
        point.state == "verified", state, whole=point.value,
    )  # fmt: skip


def _shown(way: str, value: str) -> str:
    return shown_contact(way, shown_phone(value) if way == "phone" else value)


def _attributes(parting: Parting) -> list[Line]:
    """Own attributes: whatever a merge brought goes, all else stays; of a consent nothing is taken
    over."""
    rows = AttributeValue.objects.filter(customer=parting.customer, attribute__ended_at=None)
    keys = parting.keys(AttributeValue._meta.db_table)
    return [
        _attribute(row, row.pk in keys)
        for row in rows.select_related("attribute").order_by("attribute__position", "pk")
    ]


def _attribute(row: AttributeValue, goes: bool) -> Line:
    said = said_of(row)
    name, title = f"attribute:{row.attribute.key}", str(row.attribute)
    if goes:
        return Line(name, title, [Word(said, gone=True, whole=said)], [Word(said, whole=said)])
    unsaid = [Word(_("not known"), note=_("this consent will have to be asked again"))]
    return Line(
        name, title, [Word(said, whole=said)], unsaid if row.attribute.consent and row.flag else []
    )


def as_json(lines: Iterable[Line]) -> list[dict[str, object]]:
    """The same for programs."""
    return [
        {"field": line.field, "title": line.title, **{
            side: [
                {
                    "value": w.value, "source": str(w.source), "since": w.since,
                    "verified": w.verified, "note": w.note,
                }
                for w in words if not w.gone
            ]
            for side, words in (("stays", line.stays), ("goes", line.goes))
        }}
        for line in lines
    ]  # fmt: skip
