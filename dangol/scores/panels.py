from django.utils.translation import gettext_lazy as _

from dangol.ui.panels import Panel, register

register(
    Panel("scores", "customer", _("Scores"), "scores:customer_panel", "customers.see", order=12)
)
