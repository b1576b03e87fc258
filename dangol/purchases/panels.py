from django.utils.translation import gettext_lazy as _

from dangol.ui.panels import Panel, register

register(
    Panel("owned", "customer", _("What they own"), "purchases:owned", "purchases.see", order=10),
    Panel(
        "purchases", "customer", _("Purchases"), "purchases:of_customer", "purchases.see", order=15
    ),
)
