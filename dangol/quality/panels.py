from django.utils.translation import gettext_lazy as _

from dangol.ui.panels import Panel, register

register(
    Panel("quality", "customer", _("Data quality"), "quality:customer_panel", "quality.correct", order=60)
)  # fmt: skip
