"""Consents through merges, splits and back: they never become wider by any of these."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from django.db.models import Q

from dangol.core.models import AuditEntry
from dangol.customers.attributes.queries import PREFIX
from dangol.customers.models import Attribute, AttributeValue, SourceRecord
from dangol.identity.models import Merge

OF_MERGES = ("merge_customers", "narrow_consent")
"""Verbs of the trail under which merging itself put consents aside: nobody said anything."""
Flags = Mapping[str, bool | None]
"""Attribute, by its key: what was said; None is nothing."""


def wider_consents(survivor: uuid.UUID, other: uuid.UUID, *, back: bool = False) -> list[int]:
    """Consents of either that the other one did not give too: who said nothing did not agree.

    A part that comes `back` takes nothing away by its silence: it had no say when it left.
    """
    said = AttributeValue.objects.filter(
        customer__in=[survivor, other], attribute__consent=True
    ).values_list("pk", "customer", "attribute", "flag")
    flags = {(customer, attribute): flag for _pk, customer, attribute, flag in said}
    found = []
    for pk, customer, attribute, flag in said:
        theirs = flags.get((other if customer == survivor else survivor, attribute))
        silence_counts = not (back and customer == survivor)
        if flag and (theirs is False or theirs is None and silence_counts):
            found.append(pk)
    return found


def consents_aside(survivor: uuid.UUID, other: uuid.UUID) -> dict[str, list[bool | None]]:
    """For the audit: consents that a merge of the two puts aside, so that they are asked again."""
    wider = AttributeValue.objects.filter(pk__in=wider_consents(survivor, other))
    return {
        f"{PREFIX}{key}": [True, None] for key in wider.values_list("attribute__key", flat=True)
    }


def consents_of(customer: uuid.UUID, also: Collection[str] | None = None) -> dict[str, bool | None]:
    """What a customer said to each consent; also to what was one when this was written down."""
    asked = Q(attribute__consent=True) | Q(attribute__key__in=also or ())
    said = AttributeValue.objects.filter(asked, customer=customer)
    return dict(said.values_list("attribute__key", "flag"))


def consents_of_both(survivor: uuid.UUID, other: uuid.UUID) -> dict[str, list[bool | None]]:
    """What either said before the two become one."""
    mine, theirs = consents_of(survivor), consents_of(other)
    return {key: [mine.get(key), theirs.get(key)] for key in {*mine, *theirs}}


def settle_consents(merge: Merge, now: Flags) -> None:
    """After a merge was taken back: what was refused while the two were one, both refused; what was
    given since stays with whose records say it, else with the survivor. Merges of before this was
    written down know nothing."""
    if merge.consents is None:
        return
    written = written_since(merge)
    back = consents_of(merge.merged_key)
    for key in {*merge.consents, *(now.keys() & written)}:
        # what became a consent since then was no consent when the two became one
        mine, theirs = merge.consents.get(key, (None, back.get(key)))
        said = now.get(key)
        if said == together(mine, theirs) and key not in written:
            after = (mine, theirs)
        elif said:
            after = given_since(merge, key, mine, theirs)
        else:
            after = (narrower(mine, said), narrower(theirs, said))
        for customer, flag in zip((merge.survivor_key, merge.merged_key), after, strict=True):
            _set(customer, key, flag)


def given_since(
    merge: Merge, key: str, mine: bool | None, theirs: bool | None
) -> tuple[bool | None, bool | None]:
    """Whose a yes is that was given while two were one: of those whose records say it now; what was
    given here by hand was given by the survivor. A no of before stays where nobody took it back."""
    ours, others = (_says_yes(c, key) for c in (merge.survivor_key, merge.merged_key))
    if others and theirs is not False:
        return (True if ours else mine), True
    return True, theirs


def _says_yes(customer: uuid.UUID, key: str) -> bool:
    said = SourceRecord.objects.filter(customer=customer).values_list("attributes", flat=True)
    return any(one.get(key) is True for one in said)


def written_since(merge: Merge) -> set[str]:
    """Consents that somebody wrote of the one customer since the merge, as the trail knows."""
    entries = AuditEntry.objects.filter(
        subject_id__in=[merge.survivor_key, merge.survivor_id], created_at__gt=merge.created_at
    ).exclude(verb__in=OF_MERGES)
    fields = {field for changes in entries.values_list("changes", flat=True) for field in changes}
    return {field.removeprefix(PREFIX) for field in fields if field.startswith(PREFIX)}


def together(mine: bool | None, theirs: bool | None) -> bool | None:
    """What two who become one said: yes only if both did, no if either did."""
    if mine is False or theirs is False:
        return False
    return True if mine and theirs else None


def narrower(before: bool | None, since: bool | None) -> bool | None:
    """No counts more than silence, silence more than yes."""
    return False if before is False or since is False else None


def _set(customer: uuid.UUID, key: str, flag: bool | None) -> None:
    rows = AttributeValue.objects.filter(customer=customer, attribute__key=key)
    if flag is None:
        rows.delete()
    elif not rows.update(flag=flag):
        attribute = Attribute.objects.get(key=key)
        AttributeValue.objects.create(customer_id=customer, attribute=attribute, flag=flag)
