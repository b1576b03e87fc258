"""How many there are, without ever counting millions."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.formats import number_format

MOST = 10_000


@dataclass(frozen=True, slots=True)
class Count:
    """A number that is exact up to 10,000 and "10,000+" beyond."""

    number: int
    more: bool = False

    def __str__(self) -> str:
        return number_format(self.number, force_grouping=True) + ("+" if self.more else "")


def count_up_to(rows: QuerySet, most: int = MOST) -> Count:
    """Count, but stop at the most that a person cares about."""
    found = rows.order_by().values("pk")[: most + 1].count()
    return Count(min(found, most), found > most)
