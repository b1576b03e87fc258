"""What processes keep in memory is true while its revision stands, in every process at once."""

from __future__ import annotations

from secrets import token_hex

from dangol.core.models import Revision


def revise(name: str) -> None:
    """What is kept under this name is old, from the moment at which the transaction commits.

    Changes of one name wait for each other; a token, not a number, so that what a transaction
    kept that was taken back is never taken for the next change's.
    """
    Revision.objects.update_or_create(name=name, defaults={"token": token_hex(8)})


def revision_of(name: str) -> str:
    """The revision at which this name stands; empty before the first change."""
    return Revision.objects.filter(name=name).values_list("token", flat=True).first() or ""
