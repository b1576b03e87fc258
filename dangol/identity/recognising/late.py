"""What comes while a comparison of all records is under way: it is matched one by one beside it, but for
what hangs on a record that the comparison has still to write."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from dangol.customers.records.models import SourceRecord
from dangol.identity.matching.outcomes import Outcome
from dangol.identity.recognising.deciding import Compared


class NotYet(Exception):
    """A record waits until the comparison of all records has written what it hangs on."""


@dataclass(slots=True)
class Beside:
    """The comparison of all records that is under way, by when it began, and what was left for after it."""

    begun: dt.datetime
    left: set[int] = field(default_factory=set)

    @property
    def new(self) -> Q:
        """Records that it has not read. One that waited then is its own, also where it changed since."""
        waited = Q(customer=None, first_seen_at__lte=self.begun)
        return Q(changed_at__gt=self.begun) & ~waited & ~Q(pk__in=self.left)

    def has_to_write(self, compared: Iterable[Compared]) -> bool:
        """Whether one of those that may be the same, or tied, is still to get its customer from it.

        Who had no customer when it was compared counts as well, though it may just have got one.
        """
        near = [one.candidate for one in compared if one.outcome is not Outcome.APART]
        nobodys = [one.record for one in near if one.customer is None]
        known = SourceRecord.objects.filter(
            pk__in=[one.record for one in near], first_seen_at__lte=self.begun
        )
        unwritten = Q(unread=True, changed_at__lte=self.begun) | Q(pk__in=nobodys)
        return known.filter(unwritten).exists()


def heard_since(customers: Collection[uuid.UUID], as_of: dt.datetime) -> set[uuid.UUID]:
    """Those of these customers of whom something that came after this moment was matched already."""
    rows = SourceRecord.objects.filter(customer__in=customers, changed_at__gt=as_of, unread=False)
    return {key for key in rows.values_list("customer", flat=True) if key}
