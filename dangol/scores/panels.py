from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dangol.ui.panels import Panel, register

register(
    Panel("scores", "customer", _("Scores"), "scores:customer_panel", "customers.see", order=12),
    Panel("return", "segment", pgettext_lazy("score", "Return"), "scores:segment_panel", "scores.see", order=10),
)  # fmt: skip
