"""How old a contact point was when it was tried."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

AGES = (30, 90, 180, 365, 730, 1460)
"""Where one band ends and the next begins, in days since the value became known."""
NAMES = (
    _("under 1 month"), _("1–3 months"), _("3–6 months"), _("6–12 months"), _("1–2 years"),
    _("2–4 years"), _("4 years and more"),
)  # fmt: skip


def age_sql(days: str) -> str:
    """The band of a number of days, as an SQL expression."""
    return f"width_bucket({days}, ARRAY[{', '.join(f'{a}.0' for a in AGES)}]::float8[])"
