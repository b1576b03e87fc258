"""What scores lends to the lake: each customer's scores, so that segments and cubes can ask them."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from dangol.scores.models import Score
from dangol.warehouse.facts import (
    Column,
    FactTable,
    Type,
    instant,
    key,
    local_day,
    ref,
    register,
    text,
)

ZONE = f"'{settings.TIME_ZONE}'"

register(
    FactTable(
        name="scores", model=Score, label=_("Scores"),
        also=_("RFM churn value CLV risk model prediction"),
        grain=_("What one model says of one customer"), time="at", customer="customer",
        columns=(
            key(),
            ref("customer", of="customers", label=_("Customer")),
            text("model", "{model.key}", _("Score")),
            Column("value", Type.REAL, label=_("Value")),
            Column("low", Type.REAL, label=_("From")),
            Column("high", Type.REAL, label=_("To")),
            text("cell", label=_("Cell"), also=_("group grade RFM risk")),
            text("before", label=_("Cell before")),
            instant("at", label=_("Since")),
            local_day("day", "{at}", ZONE, _("Day"), _("The day on which the score changed last.")),
        ),
        settled=("model",),
    ),
)  # fmt: skip
