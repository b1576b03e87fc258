"""Two customers of one name are told apart by what the reader may see of them: year of birth, last
digits of a phone, site, else the number."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from dangol.core.masking import shown_name
from dangol.customers.models import Alias, Customer, SourceRecord
from dangol.customers.records.models import fields_of_way
from dangol.identity.golden.survivorship import Trust, live, said
from dangol.identity.golden.trust import trust_of_sources
from dangol.identity.merging.history import done_by
from dangol.identity.models import Merge, Split
from dangol.places.models import Place

DIGITS = 4
"""So many of a phone's digits are seen by everybody who sees the customer."""
Marks = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Traits:
    """What tells a customer from a namesake."""

    year: str = ""
    tails: tuple[str, ...] = ()
    """Of its phones, the one that the oldest record says first."""
    site: str = ""
    number: str = ""


def told_apart(names: Marks, one: Traits, other: Traits) -> Marks:
    """Both names as the reader may see them; where they are the same, with what differs."""
    a, b = (shown_name(name) for name in names)
    if a != b:
        return a, b
    mine, theirs = _marks(one, other)
    return f"{a} ({mine})" if mine else a, f"{b} ({theirs})" if theirs else b


def _marks(one: Traits, other: Traits) -> Marks:
    """The first thing of which both have another one, or only one has any."""
    pairs = [
        (_born(one.year), _born(other.year)),
        (_tail(one, other), _tail(other, one)),
        (one.site, other.site),
    ]
    unlike = [(a, b) for a, b in pairs if a != b]
    both = [pair for pair in unlike if all(pair)]
    return next(iter([*both, *unlike]), (one.number, other.number))


def _born(year: str) -> str:
    return _("born %(year)s") % {"year": year} if year else ""


def _tail(one: Traits, other: Traits) -> str:
    own = next((tail for tail in one.tails if tail not in other.tails), "")
    return f"…{own}" if own else ""


def traits_of(
    records: list[SourceRecord], *, born: str = "", site: str = "", number: str = "",
    trust: Trust | None = None,
) -> Traits:  # fmt: skip
    """What these records tell; the year as it was known where it was, else as it survives of them."""
    values = [record.values for record in records]
    best = [] if born else said(live(records) or records, "born_on", trust or {})
    phones = (str(v[f] or "") for v in values for f in fields_of_way("phone", v))
    tails = (re.sub(r"\D", "", phone)[-DIGITS:] for phone in phones)
    year = (born or next((one.value for one in best), ""))[:4]
    whole = (tail for tail in tails if len(tail) == DIGITS)
    return Traits(year, tuple(dict.fromkeys(whole)), site, number)


def name_merges(merges: Collection[Any]) -> None:
    """Put to each merge what its two customers were called, told apart where they were namesakes."""
    alike = []
    for merge in merges:
        merge.stayed, merge.came = (shown_name(name) for name in _names(merge))
        if merge.stayed == merge.came:
            alike.append(merge)
    if alike:
        _tell_merges(alike)


def _tell_merges(merges: list[Any]) -> None:
    done = {merge.pk: done_by(merge) for merge in merges}
    moved = {pk: {int(key) for key in one.records} for pk, one in done.items()}
    later = _later(merges)
    records = _records(set().union(*moved.values()), [m.survivor_id for m in merges])
    sites = _sites(s.get("home_place_id") for d in done.values() for s in (d.survivor, d.merged))
    for merge in merges:
        then, keys = done[merge.pk], moved[merge.pk]
        sides = (
            (then.survivor, _of_survivor(merge, records, keys, later), merge.survivor_key),
            (then.merged, [r for r in records if r.pk in keys], merge.merged_key),
        )
        mine, theirs = (
            traits_of(
                said, born=str(side.get("born_on") or ""),
                site=sites.get(str(side.get("home_place_id")), ""), number=short(key),
            )
            for side, said, key in sides
        )  # fmt: skip
        merge.stayed, merge.came = told_apart(_names(merge), mine, theirs)


def _later(merges: Collection[Merge]) -> list[tuple[Merge, set[int]]]:
    """Merges in force of those who stayed, into whomever, and the records that they moved."""
    stayed = {merge.survivor_key for merge in merges}
    rows = Merge.objects.filter(
        Q(survivor_key__in=stayed) | Q(merged_key__in=stayed), undone_at=None
    )
    return [(one, {int(key) for key in done_by(one).records}) for one in rows]


def _of_survivor(
    merge: Merge, records: list[SourceRecord], keys: set[int], later: list[tuple[Merge, set[int]]]
) -> list[SourceRecord]:
    """The records of who stayed as they were before the merge: without those of others who came later,
    and where it was taken in itself, of those that it brought."""
    brought = [moved for one, moved in later if one.merged_key == merge.survivor_key]
    came = [moved for one, moved in later if one.survivor_key == merge.survivor_key]
    own = [r for r in records if r.customer_id == merge.survivor_id and r.pk not in keys]
    if brought and merge.survivor_id != merge.survivor_key:
        own = [r for r in own if r.pk in brought[0]]
    others = set().union(*(moved for moved in came))
    return [r for r in own if r.pk not in others]


def _names(merge: Merge) -> Marks:
    """What both were called on that day; of a merge of long ago, what the one who stayed is called."""
    now = merge.survivor.name if merge.survivor else ""
    return done_by(merge).name or now, merge.name


def name_splits(splits: Collection[Any]) -> None:
    """Put to each split what who stays is called and who was split off was, told apart likewise."""
    holders = holders_of({split.customer_key for split in splits})
    alike = []
    for split in splits:
        holder = holders.get(split.customer_key)
        split.stayed = shown_name(holder.name) if holder else ""
        split.went = shown_name(split.name)
        if holder and split.stayed == split.went:
            alike.append((split, holder))
    if not alike:
        return
    keys = {int(key) for split, _holder in alike for key in split.records}
    customers = [holder.pk for _split, holder in alike] + [split.new_key for split, _h in alike]
    records, trust = _records(keys, customers), trust_of_sources()
    came = _came_since([split for split, _holder in alike])
    for split, holder in alike:
        own = {int(key) for key in split.records}
        stays = _of(records, holder.pk, own | came.get(split.pk, set()))
        mine = traits_of(stays, number=short(split.customer_key), trust=trust)
        went = [record for record in records if record.pk in own]
        theirs = traits_of(went, number=short(split.new_key), trust=trust)
        split.stayed, split.went = told_apart((holder.name, split.name), mine, theirs)


def _came_since(splits: list[Split]) -> dict[uuid.UUID, set[int]]:
    """By split, the records of others that came to who stays by a merge after it."""
    rows = Merge.objects.filter(survivor_key__in={s.customer_key for s in splits}, undone_at=None)
    merges = [(one, {int(key) for key in done_by(one).records}) for one in rows]
    return {
        split.pk: set().union(
            *(
                moved
                for one, moved in merges
                if one.survivor_key == split.customer_key and one.created_at > split.created_at
            )
        )
        for split in splits
    }


def holders_of(keys: Collection[uuid.UUID]) -> dict[uuid.UUID, Customer]:
    """The customers that ids of now or of before stand for."""
    found = {customer.pk: customer for customer in Customer.objects.filter(pk__in=keys)}
    aliases = Alias.objects.filter(old_id__in=set(keys) - found.keys()).select_related("customer")
    return found | {alias.old_id: alias.customer for alias in aliases}


def short(key: uuid.UUID) -> str:
    """The end of a customer's number: where numbers differ."""
    return f"#{str(key)[-6:]}"


def _records(keys: set[int], customers: Collection[uuid.UUID | None]) -> list[SourceRecord]:
    wanted = Q(pk__in=keys) | Q(customer__in=[key for key in customers if key])
    return list(SourceRecord.objects.filter(wanted).order_by("first_seen_at", "pk"))


def _of(
    records: list[SourceRecord], customer: uuid.UUID | None, without: set[int]
) -> list[SourceRecord]:
    return [r for r in records if r.customer_id == customer and r.pk not in without]


def _sites(keys: Iterable[Any]) -> dict[str, str]:
    wanted = {str(key) for key in keys if key}
    return {str(p.pk): str(p) for p in Place.objects.filter(pk__in=wanted)} if wanted else {}


def named(deed: Merge | Split) -> str:
    """A merge or a split by the two customers whom it is about, for a message."""
    if isinstance(deed, Merge):
        name_merges([deed])
        return f"{deed.stayed} ← {deed.came}"  # type: ignore[attr-defined]
    name_splits([deed])
    return f"{deed.stayed} → {deed.went}"  # type: ignore[attr-defined]
