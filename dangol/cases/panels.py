from django.utils.translation import gettext_lazy as _

from dangol.ui.panels import Panel, register

register(Panel("cases", "customer", _("Cases"), "cases:customer_panel", "cases.see", order=20))
