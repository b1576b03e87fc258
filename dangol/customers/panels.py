from django.utils.translation import gettext_lazy as _

from dangol.ui.panels import Panel, register

register(
    Panel("attributes", "customer", _("Own attributes"), "customers:attributes", "customers.see", order=20)
)  # fmt: skip
