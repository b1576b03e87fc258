"""Names that no file and no program may give as the source of its rows."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

RESERVED = frozenset({"dangol", "agent"})
"""What people here write and hear goes under these: it counts as verified and outlives every file."""


def refuse_reserved(source: str) -> None:
    """Raises ValidationError at `source` for a name under which only people here write."""
    if unicodedata.normalize("NFKC", source).strip().casefold() in RESERVED:
        raise ValidationError(
            {"source": _("“%(name)s” stands for what people here write. Choose another name.") % {"name": source}}
        )  # fmt: skip
